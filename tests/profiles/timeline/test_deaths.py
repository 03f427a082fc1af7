"""Somebody is said to have died: a question to the nurse, whose answer ends care or puts it away."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from care.clients import deaths, registration
from care.schema.death_notices import DeathNotice, NoticeState
from care.schema.models import Client
from profiles.tablet.offline_package import client_json, known_of
from profiles.timeline import joining, reassessment
from profiles.timeline.caseload import cases_of
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.care.clients.test_client_import import load, row
from tests.factories import anamneses, people

TODAY = date(2026, 11, 30)
TOLD = date(2026, 11, 2)
DIED = date(2026, 10, 15)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-11-30T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Jansen")


def tell(house: House, *clients: Client, day: date = TOLD) -> int:
    with house.scope():
        return deaths.ask_whether_died(client_ids=[client.pk for client in clients], told_on=day)


def die(house: House, actor: Actor, client: Client, day: date = DIED) -> None:
    with house.scope():
        deaths.record_death(client=client, died_on=day, by=actor.membership)
        client.refresh_from_db()


def undo(house: House, actor: Actor, client: Client) -> None:
    with house.scope():
        deaths.take_back_death(client=client, by=actor.membership)
        client.refresh_from_db()


def states(house: House) -> list[str]:
    with house.scope():
        return list(DeathNotice.objects.order_by("pk").values_list("state", flat=True))


def sent(actor: Actor, name: str, client: Client, **answers: str) -> str:
    answer = actor.browser.post(reverse(name, args=[client.public_id]), answers, follow=True)
    return as_shown(answer)


@pytest.fixture
def told(thuis: House, client: Client) -> Client:
    tell(thuis, client)
    return client


class TestTheNurseIsAsked:
    @pytest.mark.parametrize("code", ["DKDL-01", "TIJDELIJK", ""])
    def test_in_lists_count_and_tablet_whatever_the_profile(
        self, thuis: House, nurse: Actor, told: Client, code: str
    ) -> None:
        with thuis.scope():
            if code:
                anamneses.finished(told, nurse.membership, day=date(2026, 11, 20), code=code)
            (group,) = reassessment.due_groups(nurse.membership, day=TODAY)
            (case,) = cases_of(nurse.membership, day=TODAY)
            (known,) = known_of(nurse.membership, day=TODAY)
            assert reassessment.count_due(nurse.membership, day=TODAY) == 1
        assert group.key == "death"
        assert not case.asks_for_anamnese
        shown = client_json(known)["state"]
        assert shown["label"] == "Overleden?"
        assert shown["note"].replace("\N{NO-BREAK SPACE}", " ") == "volgens declaratie van 2 nov 2026"

    def test_on_pages_with_both_answers_for_who_may(
        self, thuis: House, nurse: Actor, team_lead: Actor, told: Client
    ) -> None:
        address = reverse("client-page", args=[told.public_id])
        hers, leads = (actor.browser.get(address).content.decode() for actor in (nurse, team_lead))
        question = "Volgens een declaratie van 2 november 2026 is A. Jansen overleden. Klopt dat?"
        assert question in hers
        assert question in leads
        assert "De wijkverpleegkundige of functioneel beheerder legt vast of dat klopt." in leads
        assert reverse("client-lives", args=[told.public_id]) in hers
        assert reverse("client-lives", args=[told.public_id]) not in leads
        assert "Overleden volgens een declaratie" in nurse.browser.get(reverse("due-list")).content.decode()

    def test_once_however_many_files_say_so(self, thuis: House, told: Client) -> None:
        assert tell(thuis, told) == tell(thuis, told, day=TODAY) == 0
        assert states(thuis) == [NoticeState.OPEN]

    def test_not_another_teams_nurse(
        self, nurse_of_another_team: Actor, nurse_elsewhere: Actor, told: Client
    ) -> None:
        for actor, status in ((nurse_of_another_team, 403), (nurse_elsewhere, 404)):
            for name in ("client-death", "client-lives", "client-death-undo"):
                answer = actor.browser.post(reverse(name, args=[told.public_id]), {"died_on": "15-10-2026"})
                assert answer.status_code == status


class TestConfirmed:
    def test_care_ends_on_the_day_after_and_drafts_close(
        self, thuis: House, nurse: Actor, told: Client
    ) -> None:
        with thuis.scope():
            draft = anamneses.draft(told, nurse.membership, day=date(2026, 11, 20))
        page = sent(nurse, "client-death", told, died_on="15-10-2026")
        assert "Overleden op 15 oktober 2026." in page
        assert "Weer in zorg nemen" not in page
        with thuis.scope():
            told.refresh_from_db()
            draft.refresh_from_db()
            assert (told.died_on, told.in_care_until) == (DIED, date(2026, 10, 16))
            assert told.is_in_care(DIED)
            assert not told.is_in_care(date(2026, 10, 16))
            assert draft.status == AnamneseStatus.DISCARDED
            assert cases_of(nurse.membership, day=TODAY) == []
            notice = DeathNotice.objects.get()
        assert (notice.state, notice.answered_by, notice.died_on) == (
            NoticeState.CONFIRMED,
            nurse.user,
            DIED,
        )
        assert tell(thuis, told, day=TODAY) == 0

    @pytest.mark.parametrize(
        ("known", "ends"),
        [
            (date(2026, 9, 1), date(2026, 9, 1)),
            (date(2026, 12, 31), date(2026, 10, 16)),
            (None, date(2026, 10, 16)),
        ],
    )
    def test_care_never_gets_longer(
        self, thuis: House, nurse: Actor, client: Client, known: date | None, ends: date
    ) -> None:
        with thuis.scope():
            Client.objects.filter(pk=client.pk).update(in_care_until=known)
        die(thuis, nurse, client)
        assert client.in_care_until == ends
        undo(thuis, nurse, client)
        assert client.in_care_until == known

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            ("01-12-2026", "nog niet geweest"),
            ("31-12-2022", "begon pas na deze dag"),
            ("32-12-2022", "dd-mm"),
        ],
    )
    def test_a_day_that_cannot_be_is_refused_beside_the_field(
        self, thuis: House, nurse: Actor, told: Client, day: str, sentence: str
    ) -> None:
        assert sentence in sent(nurse, "client-death", told, died_on=day)
        assert states(thuis) == [NoticeState.OPEN]

    def test_the_page_no_longer_says_how_the_profile_stands_nor_does_the_age_rise(
        self, thuis: House, nurse: Actor, client: Client
    ) -> None:
        with thuis.scope():
            anamneses.finished(client, nurse.membership, day=date(2026, 9, 1))
            Client.objects.filter(pk=client.pk).update(date_of_birth=date(1941, 11, 1))
        address = reverse("client-page", args=[client.public_id])
        alive = nurse.browser.get(address).content.decode()
        assert ("Op orde" in alive, "85 jaar" in alive) == (True, True)
        die(thuis, nurse, client)
        page = nurse.browser.get(address).content.decode()
        assert ("Op orde" in page, "Niet in zorg" in page, "84 jaar" in page) == (False, True, True)

    def test_nobody_has_to_be_asked_first(self, thuis: House, nurse: Actor, client: Client) -> None:
        page = nurse.browser.get(reverse("client-page", args=[client.public_id])).content.decode()
        assert "Overlijden vastleggen" in page
        sent(nurse, "client-death", client, died_on="15-10-2026")
        assert states(thuis) == [NoticeState.CONFIRMED]
        again = sent(nurse, "client-death", client, died_on="14-10-2026")
        assert "Vastgelegd is: overleden op 15 oktober 2026." in again


class TestNothingReopensCareInSilence:
    def test_an_import_says_so_per_line_and_stores_nothing(
        self, thuis: House, nurse: Actor, client: Client, tmp_path: Path
    ) -> None:
        die(thuis, nurse, client)
        other = people.bsn()
        code, _out, err = load(thuis, tmp_path, row(other), row(client.bsn))
        assert (code, other in err, client.bsn in err) == (1, False, False)
        assert "regel 3: in_zorg_tot: Deze cliënt is overleden" in err
        with thuis.scope():
            assert Client.objects.get().in_care_until == date(2026, 10, 16)

    def test_an_import_that_knows_the_end_goes_on(
        self, thuis: House, nurse: Actor, client: Client, tmp_path: Path
    ) -> None:
        die(thuis, nurse, client)
        code, _out, err = load(thuis, tmp_path, row(client.bsn, in_zorg_tot="2026-10-16"))
        assert (code, err) == (0, "")
        with thuis.scope():
            assert (Client.objects.get().surname, Client.objects.get().died_on) == ("Wilgen", DIED)

    def test_neither_do_the_forms(
        self, thuis: House, nurse: Actor, administrator: Actor, client: Client
    ) -> None:
        die(thuis, nurse, client)
        address = reverse("client-edit", args=[client.public_id])
        form = administrator.browser.get(address).context["form"]
        answers = {name: form[name].value() or "" for name in form.fields}
        page = administrator.browser.post(address, answers | {"bsn": "", "in_care_until": ""})
        assert "Deze cliënt is overleden" in page.content.decode()
        with thuis.scope(), pytest.raises(ValidationError, match="overleden"):
            registration.return_to_care(
                client=client,
                day=TODAY,
                team_id=client.team_id,
                insurer_id=client.insurer_id,
                by=nurse.membership,
            )

    @pytest.mark.parametrize("until", [None, date(2026, 10, 17)])
    def test_nor_does_the_database_let_anybody(
        self, thuis: House, nurse: Actor, client: Client, until: date | None
    ) -> None:
        die(thuis, nurse, client)
        with thuis.scope(), pytest.raises(IntegrityError, match="death_ends_care"), transaction.atomic():
            Client.objects.filter(pk=client.pk).update(in_care_until=until)


class TestDenied:
    def test_it_is_put_away_and_older_files_do_not_ask_again(
        self, thuis: House, nurse: Actor, told: Client
    ) -> None:
        page = sent(nurse, "client-lives", told)
        assert "Weggelegd" in page
        assert "Klopt dat?" not in page
        assert states(thuis) == [NoticeState.DENIED]
        assert tell(thuis, told) == tell(thuis, told, day=TODAY) == 0
        with thuis.scope():
            assert cases_of(nurse.membership, day=TODAY)[0].state.happened is None

    def test_a_newer_file_asks_again(self, thuis: House, nurse: Actor, told: Client) -> None:
        sent(nurse, "client-lives", told)
        assert tell(thuis, told, day=date(2026, 12, 1)) == 1
        assert states(thuis) == [NoticeState.DENIED, NoticeState.OPEN]
        page = nurse.browser.get(reverse("client-page", args=[told.public_id])).content.decode()
        assert "Volgens een declaratie van 1 december 2026" in page


class TestMistake:
    @pytest.mark.parametrize("who", ["nurse", "administrator"])
    def test_care_goes_on_and_so_do_drafts(
        self, request: pytest.FixtureRequest, thuis: House, nurse: Actor, told: Client, who: str
    ) -> None:
        actor: Actor = request.getfixturevalue(who)
        with thuis.scope():
            draft = anamneses.draft(told, nurse.membership, day=date(2026, 11, 20))
        sent(nurse, "client-death", told, died_on="15-10-2026")
        assert "Het was een vergissing" in (
            actor.browser.get(reverse("client-death", args=[told.public_id])).content.decode()
        )
        sent(actor, "client-death-undo", told)
        with thuis.scope():
            told.refresh_from_db()
            notice = DeathNotice.objects.get()
            assert Anamnese.objects.get(pk=draft.pk).status == AnamneseStatus.DRAFT
            assert told.is_in_care(TODAY)
        assert (told.died_on, told.in_care_until) == (None, None)
        assert (notice.state, notice.taken_back_by) == (NoticeState.TAKEN_BACK, actor.user)
        assert tell(thuis, told) == 0

    def test_twice_changes_nothing(self, thuis: House, nurse: Actor, client: Client) -> None:
        die(thuis, nurse, client)
        undo(thuis, nurse, client)
        undo(thuis, nurse, client)
        assert (client.in_care_until, states(thuis)) == (None, [NoticeState.TAKEN_BACK])

    def test_an_end_of_care_that_somebody_made_earlier_since_stays(
        self, thuis: House, nurse: Actor, client: Client
    ) -> None:
        die(thuis, nurse, client)
        with thuis.scope():
            Client.objects.filter(pk=client.pk).update(in_care_until=date(2026, 10, 1))
        undo(thuis, nurse, client)
        assert client.in_care_until == date(2026, 10, 1)


class TestJoining:
    @pytest.fixture
    def other(self, thuis: House) -> Client:
        with thuis.scope():
            return people.client(thuis.north, surname="Janssen", in_care_until=date(2026, 10, 16))

    def test_a_death_of_either_holds_and_what_was_asked_is_answered(
        self, thuis: House, nurse: Actor, administrator: Actor, told: Client, other: Client
    ) -> None:
        with thuis.scope():
            Client.objects.filter(pk=told.pk).update(in_care_until=date(2026, 9, 1))
        die(thuis, nurse, other)
        with thuis.scope():
            joined = joining.join(gone=told, stays=other, by=administrator.membership)
        assert (joined.died_on, joined.in_care_until) == (DIED, date(2026, 10, 16))
        assert states(thuis) == [NoticeState.CONFIRMED]

    def test_what_is_asked_goes_along(
        self, thuis: House, administrator: Actor, told: Client, other: Client
    ) -> None:
        with thuis.scope():
            goes_on = joining.Choices(has_ended=False)
            joining.join(gone=told, stays=other, by=administrator.membership, choices=goes_on)
            assert DeathNotice.objects.get().client == other

    def test_care_after_the_death_is_a_contradiction(
        self, thuis: House, nurse: Actor, client: Client, other: Client
    ) -> None:
        die(thuis, nurse, other)
        with thuis.scope():
            (problem,) = joining.problems_of(gone=client, stays=other)
        assert "in het andere loopt de zorg door" in problem

    def test_two_days_of_death_are_one_too_many(
        self, thuis: House, nurse: Actor, client: Client, other: Client
    ) -> None:
        die(thuis, nurse, other)
        die(thuis, nurse, client, date(2026, 10, 14))
        with thuis.scope():
            (problem,) = joining.problems_of(gone=client, stays=other)
        assert "dagen van overlijden" in problem
