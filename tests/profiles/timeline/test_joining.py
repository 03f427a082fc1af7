"""Two records of one person become one: whole, on the careful side, and found under either address."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from care.audit import access
from care.clients import selectors
from care.clients.joining import united_days
from care.consent.selectors import standing_statements
from care.inspection import access_log
from care.schema.constants import AccessAction
from care.schema.corrections import CorrectableFact, FactCorrection
from care.schema.models import Client
from care.schema.statements import Consent, Objection
from profiles.schema.models import ClientProfile
from profiles.timeline import joining
from profiles.timeline.history import entries_of
from profiles.timeline.selectors import profiles_of
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import anamneses, people

TODAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-11-30T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def gone(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Jansen", in_care_from=date(2025, 1, 1))


@pytest.fixture
def stays(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Janssen", in_care_from=date(2026, 6, 1))


def join(house: House, administrator: Actor, gone: Client, stays: Client, **choices: Any) -> Client:
    with house.scope():
        return joining.join(
            gone=gone, stays=stays, by=administrator.membership, choices=joining.Choices(**choices)
        )


def finished(house: House, nurse: Actor, client: Client, day: date, code: str = "DKDL-01") -> ClientProfile:
    with house.scope():
        return anamneses.finished(client, nurse.membership, day=day, code=code)


def page(actor: Actor, name: str, *ids: Any, **answers: str) -> str:
    address = reverse(name, args=ids)
    answer = actor.browser.post(address, answers, follow=True) if answers else actor.browser.get(address)
    assert answer.status_code == 200
    return as_shown(answer)


def test_profiles_of_both_stand_in_one_order_of_time(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    days = [date(2025, 3, 1), date(2026, 7, 1), date(2026, 8, 1)]
    first, third = (finished(thuis, nurse, gone, day) for day in (days[0], days[2]))
    second = finished(thuis, nurse, stays, days[1], "TIJDELIJK")
    join(thuis, administrator, gone, stays)
    with thuis.scope():
        found = profiles_of([stays.pk])[stays.pk]
        assert profiles_of([gone.pk]) == {}
        assert not Anamnese.objects.filter(client=gone).exists()
    assert [(span.profile_id, span.first_day, span.until) for span in found] == [
        (first.pk, days[0], days[1]),
        (second.pk, days[1], date(2026, 7, 29)),
        (third.pk, days[2], None),
    ]


def test_care_is_united_and_the_other_is_nobodys(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    joined = join(thuis, administrator, gone, stays)
    with thuis.scope():
        (spell,) = joined.care_periods.all()
        gone.refresh_from_db()
        assert (spell.period.lower, spell.period.upper) == (date(2025, 1, 1), None)
        assert (joined.in_care_from, joined.in_care_until) == (date(2025, 1, 1), None)
        assert not gone.is_in_care(TODAY)
        assert list(selectors.clients_of(nurse.membership)) == [stays]
        assert selectors.client_by_bsn(thuis.organisation.pk, gone.bsn) is None
        assert selectors.clients_born_on(thuis.organisation.pk, gone.date_of_birth, at_most=9) == [stays]
        assert selectors.client_for(nurse.membership, gone.public_id) == stays
        noted = FactCorrection.objects.filter(fact=CorrectableFact.JOINED)
        assert {(row.client_id, row.before, row.after) for row in noted} == {
            (client.pk, str(gone.public_id), str(stays.public_id)) for client in (gone, stays)
        }


@pytest.mark.parametrize(
    ("spells", "united"),
    [
        ([(1, 3), (3, 5)], [(1, 5)]),
        ([(1, 9), (2, 4)], [(1, 9)]),
        ([(6, None), (1, 3)], [(1, 3), (6, None)]),
        ([(1, None), (2, 4)], [(1, None)]),
        ([(1, 4), (2, None)], [(1, None)]),
        ([], []),
    ],
)
def test_days_of_care_are_united(
    spells: list[tuple[int, int | None]], united: list[tuple[int, int | None]]
) -> None:
    def day(number: int) -> date:
        return date(2026, 1, number)

    def of(pairs: list[tuple[int, int | None]]) -> list[tuple[date, date | None]]:
        return [(day(first), day(until) if until else None) for first, until in pairs]

    assert united_days(of(spells)) == of(united)


def test_an_objection_and_a_withdrawal_of_either_stand(
    thuis: House, administrator: Actor, gone: Client, stays: Client
) -> None:
    about = {"organisation": thuis.organisation, "insurer": people.insurer(), "given_on": date(2026, 7, 1)}
    with thuis.scope():
        Objection.objects.create(organisation=thuis.organisation, client=gone, made_on=date(2026, 7, 1))
        Objection.objects.create(organisation=thuis.organisation, client=stays, made_on=date(2026, 8, 1))
        Consent.objects.create(client=gone, withdrawn_on=date(2026, 7, 2), **about)
        Consent.objects.create(client=stays, **about)
    joined = join(thuis, administrator, gone, stays)
    with thuis.scope():
        standing = standing_statements(joined)
        assert standing.objection is not None
        assert standing.objection.made_on == date(2026, 7, 1)
        assert standing.consent is None
        assert standing.taken_back is not None
        assert Objection.objects.filter(client=stays).count() == 2


def test_a_consent_of_either_stands_where_nobody_took_one_back(
    thuis: House, administrator: Actor, gone: Client, stays: Client
) -> None:
    insurer = people.insurer()
    with thuis.scope():
        for client in (gone, stays):
            Consent.objects.create(
                organisation=thuis.organisation, client=client, insurer=insurer, given_on=date(2026, 7, 1)
            )
    joined = join(thuis, administrator, gone, stays)
    with thuis.scope():
        assert standing_statements(joined).consent is not None


def test_what_cannot_be_joined_is_refused_whole_with_all_reasons(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    for client in (gone, stays):
        finished(thuis, nurse, client, date(2026, 7, 1))
        with thuis.scope():
            anamneses.draft(client, nurse.membership, day=date(2026, 8, 1))
    with thuis.scope():
        Client.objects.filter(pk=gone.pk).update(date_of_birth=date(1950, 1, 1))
    with pytest.raises(ValidationError) as refused:
        join(thuis, administrator, gone, stays)
    assert len(refused.value.messages) == 3
    with thuis.scope():
        gone.refresh_from_db()
        assert gone.joined_into is None
        assert ClientProfile.objects.filter(client=gone).count() == 1
    text = page(administrator, "client-join", gone.public_id, stays.public_id)
    assert "De geboortedatums zijn niet gelijk." in text
    assert "Voeg de dossiers samen" not in text


def test_a_refused_bsn_offers_it_and_the_administrator_confirms(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    finished(thuis, nurse, gone, date(2026, 7, 1))
    address = reverse("client-edit", args=[gone.public_id])
    form = administrator.browser.get(address).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields} | {"bsn": stays.bsn}
    offered = administrator.browser.post(address, answers).content.decode()
    assert reverse("client-join", args=[gone.public_id, stays.public_id]) in offered
    assert reverse("client-join", args=[gone.public_id, stays.public_id]) not in page(
        nurse, "client-edit", gone.public_id
    )
    shown = page(administrator, "client-join", gone.public_id, stays.public_id)
    assert gone.bsn in shown
    assert stays.bsn in shown
    assert "Dit kan niet worden teruggedraaid" in shown
    done = page(administrator, "client-join", gone.public_id, stays.public_id, is_sure="on")
    assert "De dossiers zijn samengevoegd." in done
    with thuis.scope():
        assert ClientProfile.objects.filter(client=stays).count() == 1


def test_it_is_not_done_unconfirmed_nor_twice(
    thuis: House, administrator: Actor, gone: Client, stays: Client
) -> None:
    page(administrator, "client-join", gone.public_id, stays.public_id, is_sure="")
    with thuis.scope():
        gone.refresh_from_db()
        assert gone.joined_into is None
    join(thuis, administrator, gone, stays)
    again = administrator.browser.get(reverse("client-join", args=[gone.public_id, stays.public_id]))
    assert again.status_code == 404


def test_the_other_record_is_found_by_its_bsn(
    thuis: House, administrator: Actor, gone: Client, stays: Client
) -> None:
    answer = administrator.browser.post(
        reverse("client-join-choose", args=[gone.public_id]), {"bsn": stays.bsn}
    )
    assert answer.headers["Location"] == reverse("client-join", args=[gone.public_id, stays.public_id])
    text = page(administrator, "client-join-choose", gone.public_id, bsn=gone.bsn)
    assert "Er is in je organisatie geen ander dossier met dit BSN." in text


def test_a_record_of_another_organisation_is_not_there(
    thuis: House, elders: House, administrator: Actor, gone: Client
) -> None:
    with elders.scope():
        other = people.client(elders.north)
    address = reverse("client-join", args=[gone.public_id, other.public_id])
    assert administrator.browser.get(address).status_code == 404


def test_who_saw_either_record_stays_in_the_log_of_the_one(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    with thuis.scope():
        for client in (gone, stays):
            access.record(membership=nurse.membership, action=AccessAction.PRINTED, clients=[client])
    joined = join(thuis, administrator, gone, stays)
    with thuis.scope():
        wanted = access_log.LogFilter(client=joined, action=AccessAction.PRINTED)
        assert len(access_log.page_of(thuis.organisation, wanted).lines) == 2


def test_work_that_waited_on_a_tablet_comes_in_under_the_one_that_stays(
    thuis: House, nurse: Actor, administrator: Actor, gone: Client, stays: Client
) -> None:
    join(thuis, administrator, gone, stays)
    with thuis.scope():
        found = selectors.client_for_work_of(nurse.membership, gone.public_id, day=date(2026, 7, 1))
    assert found == stays


def test_nothing_else_lets_an_anamnese_go_to_another_client(
    thuis: House, nurse: Actor, gone: Client, stays: Client
) -> None:
    profile = finished(thuis, nurse, gone, date(2026, 7, 1))
    for rows in (
        Anamnese.objects.filter(pk=profile.anamnese_id),
        ClientProfile.objects.filter(pk=profile.pk),
    ):
        with thuis.scope(), pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
            rows.update(client=stays)


class TestTwoAnamnesesOnOneDay:
    DAY = date(2026, 7, 1)

    @pytest.fixture
    def pair(
        self, thuis: House, nurse: Actor, gone: Client, stays: Client
    ) -> tuple[ClientProfile, ClientProfile]:
        """In the record that goes one that was corrected already; in the other one that was not."""
        first = finished(thuis, nurse, gone, self.DAY, "GEEN")
        with thuis.scope():
            mended = anamneses.corrected(first, nurse.membership, code="DKDL-05")
        return mended, finished(thuis, nurse, stays, self.DAY, "DKDL-02")

    @pytest.mark.parametrize("chosen", [0, 1])
    def test_the_chosen_one_holds_and_the_other_is_read_as_replaced(
        self,
        thuis: House,
        nurse: Actor,
        administrator: Actor,
        gone: Client,
        stays: Client,
        pair: tuple[ClientProfile, ClientProfile],
        chosen: int,
    ) -> None:
        join(thuis, administrator, gone, stays, profiles={self.DAY: pair[chosen].public_id})
        with thuis.scope():
            (span,) = profiles_of([stays.pk])[stays.pk]
            entries = entries_of(stays)
        assert (span.profile_id, span.first_day) == (pair[chosen].pk, self.DAY)
        assert [entry.is_replaced for entry in entries] == [False, True, True]
        (other,) = (entry for entry in entries if entry.profile.pk == pair[1 - chosen].pk)
        assert other.replaced_by is not None
        assert "bij het samenvoegen is deze gekozen" in other.reason
        read = nurse.browser.get(reverse("profile-page", args=[other.profile.public_id])).content.decode()
        assert "bij het samenvoegen is deze gekozen" in read

    def test_what_was_not_chosen_is_asked_and_nothing_is_joined(
        self,
        thuis: House,
        administrator: Actor,
        gone: Client,
        stays: Client,
        pair: tuple[ClientProfile, ClientProfile],
    ) -> None:
        with pytest.raises(ValidationError, match="Kies welke anamnese van 1 juli 2026 blijft gelden"):
            join(thuis, administrator, gone, stays)
        ids = (gone.public_id, stays.public_id)
        assert "Op 1 juli 2026 staat in allebei een anamnese. Welke blijft gelden?" in page(
            administrator, "client-join", *ids
        )
        assert "Dit veld is verplicht" in page(administrator, "client-join", *ids, is_sure="on")
        chosen = {"is_sure": "on", "anamnese_20260701": str(pair[1].public_id)}
        assert "De dossiers zijn samengevoegd." in page(administrator, "client-join", *ids, **chosen)
        with thuis.scope():
            assert ClientProfile.objects.filter(client=stays).count() == 3

    def test_nobody_else_makes_a_correction_of_what_is_finished(
        self, thuis: House, nurse: Actor, gone: Client, stays: Client
    ) -> None:
        one, other = (finished(thuis, nurse, client, self.DAY) for client in (gone, stays))
        rows = Anamnese.objects.filter(pk=one.anamnese_id)
        with thuis.scope(), pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
            rows.update(corrects=other.anamnese_id)


class TestCareThatEndedInOneOfTwo:
    ENDED = date(2026, 11, 1)

    @pytest.mark.parametrize(("has_ended", "until"), [(True, ENDED), (False, None)])
    def test_somebody_chooses(
        self,
        thuis: House,
        administrator: Actor,
        gone: Client,
        stays: Client,
        *,
        has_ended: bool,
        until: date | None,
    ) -> None:
        self.end(thuis, gone)
        with pytest.raises(ValidationError, match="Kies of de zorg is geëindigd"):
            join(thuis, administrator, gone, stays)
        joined = join(thuis, administrator, gone, stays, has_ended=has_ended)
        with thuis.scope():
            (spell,) = joined.care_periods.all()
        assert (spell.period.lower, spell.period.upper) == (date(2025, 1, 1), until)
        assert joined.in_care_until == until

    def test_the_page_asks_whichever_of_the_two_it_is(
        self, thuis: House, administrator: Actor, gone: Client, stays: Client
    ) -> None:
        self.end(thuis, stays)
        ids = (gone.public_id, stays.public_id)
        assert "De zorg is geëindigd: de laatste dag was 31 oktober 2026." in page(
            administrator, "client-join", *ids
        )
        page(administrator, "client-join", *ids, is_sure="on", care="ended")
        with thuis.scope():
            stays.refresh_from_db()
        assert stays.in_care_until == self.ENDED

    @pytest.mark.parametrize("ended", [date(2026, 6, 1), date(2027, 1, 1)])
    def test_who_came_back_later_or_is_still_in_care_is_in_care(
        self, thuis: House, administrator: Actor, gone: Client, stays: Client, ended: date
    ) -> None:
        self.end(thuis, gone, ended)
        assert join(thuis, administrator, gone, stays).in_care_until is None

    def end(self, house: House, client: Client, until: date = ENDED) -> None:
        with house.scope():
            Client.objects.filter(pk=client.pk).update(in_care_until=until)
