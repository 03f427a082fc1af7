"""What follows for profiles when a fact of the client is corrected, by every road on which it can be."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from care.schema.corrections import CorrectableFact, FactCorrection
from care.schema.models import Client
from profiles.schema.constants import FactKind
from profiles.schema.models import ClientProfile
from profiles.tablet.offline_package import client_json, known_of
from profiles.timeline import reassessment, selectors
from profiles.timeline.caseload import cases_of, state_of
from profiles.timeline.facts import standing_contradictions
from profiles.timeline.states import ProfileState, StateReason
from profiles.timeline.validity import contradicts_age, own_end
from tests.actors import Actor, House
from tests.database import by_hand
from tests.factories import anamneses, people
from tests.profiles.dkdl import TERMS

TODAY = date(2026, 11, 30)
DAY = date(2026, 10, 1)
LIMITS = {"reassess_months": "6", "offline_hours": "72", "session_idle_minutes": "60", "session_hours": "10"}
CHILD_BORN, ADULT_BORN = date(2012, 5, 4), date(1942, 5, 4)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-11-30T10:00:00+01:00", tick=True):
        yield


def with_profile(house: House, nurse: Actor, born: date, code: str) -> ClientProfile:
    """Return the profile of a new client who was born on a day, as it is written down now."""
    with house.scope():
        client = people.client(house.north, surname="Jansen", date_of_birth=born)
        profile = anamneses.finished(client, nurse.membership, day=DAY, code=code)
    profile.client = client
    return profile


def correct_birth(house: House, client: Client, born: date) -> None:
    with house.scope():
        people.correct_birth(client, born)


def fresh(house: House, profile: ClientProfile) -> ClientProfile:
    with house.scope():
        return ClientProfile.objects.select_related("client", "anamnese").get(pk=profile.pk)


class TestDateOfBirth:
    def test_a_childs_profile_of_an_adult_holds_on_no_day_and_the_client_is_due(
        self, thuis: House, nurse: Actor
    ) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, profile.client, ADULT_BORN)
        assert fresh(thuis, profile).period.isempty
        with thuis.scope():
            state = state_of(profile.client, nurse.membership, day=TODAY)
        assert state.state is ProfileState.NONE
        assert state.is_time
        assert state.happened is not None
        assert state.happened.kind == FactKind.AGE

    def test_a_childs_profile_ends_on_the_birthday_as_it_is_known_now(
        self, thuis: House, nurse: Actor
    ) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, profile.client, date(2008, 11, 15))
        assert fresh(thuis, profile).period.upper == date(2026, 11, 15)
        with thuis.scope():
            assert not standing_contradictions().exists()
            assert state_of(profile.client, nurse.membership, day=TODAY).lapsed == "MKT"
        correct_birth(thuis, profile.client, CHILD_BORN)
        assert fresh(thuis, profile).period.upper == date(2030, 5, 4)

    def test_an_adults_profile_of_a_child_keeps_its_days_and_does_not_count(
        self, thuis: House, nurse: Actor
    ) -> None:
        profile = with_profile(thuis, nurse, ADULT_BORN, "DKDL-01")
        correct_birth(thuis, profile.client, CHILD_BORN)
        assert fresh(thuis, profile).period == profile.period
        with thuis.scope():
            state = state_of(profile.client, nurse.membership, day=TODAY)
            (span,) = selectors.profiles_of([profile.client_id])[profile.client_id]
        assert (state.state, state.code) == (ProfileState.DUE, "DKDL-01")
        assert span.contradicts_age

    def test_a_correction_mends_it(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, profile.client, ADULT_BORN)
        with thuis.scope():
            mended = anamneses.corrected(fresh(thuis, profile), nurse.membership, code="DKDL-05")
            state = state_of(profile.client, nurse.membership, day=TODAY)
            assert not standing_contradictions().exists()
        assert (mended.date, mended.period.upper) == (DAY, None)
        assert (state.state, state.code) == (ProfileState.CURRENT, "DKDL-05")

    def test_a_mistaken_correction_of_the_date_leaves_nothing_behind(
        self, thuis: House, nurse: Actor
    ) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, profile.client, ADULT_BORN)
        correct_birth(thuis, profile.client, CHILD_BORN)
        assert fresh(thuis, profile).period == profile.period
        with thuis.scope():
            assert not standing_contradictions().exists()

    def test_an_earlier_anamnese_that_contradicts_asks_as_well(self, thuis: House, nurse: Actor) -> None:
        first = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, first.client, date(2008, 9, 1))
        with thuis.scope():
            client = Client.objects.get(pk=first.client_id)
            anamneses.finished(client, nurse.membership, day=TODAY, code="DKDL-03")
            state = state_of(client, nurse.membership, day=TODAY)
        assert state.code == "DKDL-03"
        assert state.happened is not None
        assert state.happened.is_contradiction

    def test_lists_calendar_and_tablet_say_so(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, ADULT_BORN, "DKDL-01")
        correct_birth(thuis, profile.client, CHILD_BORN)
        with thuis.scope():
            (case,) = cases_of(nurse.membership, day=TODAY)
            (group,) = reassessment.due_groups(nurse.membership, day=TODAY)
            week = reassessment.weeks(nurse.membership, day=TODAY, since=TODAY)[0]
            (known,) = known_of(nurse.membership, day=TODAY)
            assert reassessment.count_due(nurse.membership, day=TODAY) == 1
        assert case.text.note == "past niet bij de geboortedatum"
        assert not case.asks_for_anamnese
        assert group.key == "age"
        assert [entry.moment.why for entry in week.entries] == [StateReason.AGE]
        assert client_json(known)["state"]["state"] == "due"
        assert client_json(known)["state"]["note"] == "past niet bij de geboortedatum"

    def test_the_clients_page_says_which_anamnese_to_correct(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        correct_birth(thuis, profile.client, ADULT_BORN)
        page = nurse.browser.get(reverse("client-page", args=[profile.client.public_id])).content.decode()
        assert "De anamnese van 1 oktober 2026 past niet bij de geboortedatum" in page
        assert reverse("anamnese-correct", args=[profile.anamnese.public_id]) in page
        assert "Telt niet mee" in page
        shown = nurse.browser.get(reverse("profile-page", args=[profile.public_id])).content.decode()
        assert "op geen enkele dag" in shown

    def test_the_form_corrects_it_too(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        address = reverse("client-edit", args=[profile.client.public_id])
        form = nurse.browser.get(address).context["form"]
        answers = {name: form[name].value() or "" for name in form.fields}
        nurse.browser.post(address, answers | {"bsn": "", "date_of_birth": "04-05-1942"})
        assert fresh(thuis, profile).client.date_of_birth == ADULT_BORN
        assert fresh(thuis, profile).period.isempty
        with thuis.scope():
            noted = FactCorrection.objects.get(fact=CorrectableFact.DATE_OF_BIRTH)
        assert (noted.before, noted.after, noted.user) == ("2012-05-04", "1942-05-04", nurse.user)

    def test_an_import_corrects_it_too(self, thuis: House, nurse: Actor, tmp_path: Path) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        file = tmp_path / "clients.csv"
        head = "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team"
        client = profile.client
        file.write_text(
            f"{head};in_zorg_vanaf;in_zorg_tot\n"
            f"{client.bsn};A.;;Jansen;1942-05-04;2;9991;;Noord;{client.in_care_from};\n",
            "utf-8",
        )
        with time_machine.travel("2026-11-30T10:00:00+01:00", tick=True):
            call_command("import_clients", str(file), organisation=thuis.organisation.agb, stdout=StringIO())
        assert fresh(thuis, profile).period.isempty
        with thuis.scope():
            assert FactCorrection.objects.get().after == "1942-05-04"

    def test_who_goes_past_the_service_is_refused(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, CHILD_BORN, "MKT")
        row = Client.objects.filter(pk=profile.client_id)
        with pytest.raises(IntegrityError, match="does not follow"), thuis.scope():
            by_hand(lambda: row.update(date_of_birth=ADULT_BORN))
        assert fresh(thuis, profile).client.date_of_birth == CHILD_BORN

    def test_by_hand_it_can_be_corrected_where_nothing_follows(self, thuis: House, nurse: Actor) -> None:
        profile = with_profile(thuis, nurse, ADULT_BORN, "DKDL-01")
        with thuis.scope():
            by_hand(lambda: Client.objects.filter(pk=profile.client_id).update(date_of_birth=CHILD_BORN))
        assert fresh(thuis, profile).client.date_of_birth == CHILD_BORN


days = st.dates(date(1995, 1, 1), date(2030, 12, 31))


@pytest.mark.django_db
def test_the_database_ends_childhood_and_judges_ages_as_the_rules_do(thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north, date_of_birth=CHILD_BORN)
        profile = anamneses.finished(client, nurse.membership, day=DAY, code="MKT")
    leap = [date(2008, 2, 29), date(2008, 2, 28), date(2008, 3, 1), date(2004, 2, 29)]
    near = [date(2008, 10, 1) + timedelta(offset) for offset in (-1, 0, 1)]
    for born in [*leap, *near, date(1940, 1, 1), date(2020, 12, 31)]:
        correct_birth(thuis, client, born)
        end = own_end(TERMS["MKT"], first_day=DAY, date_of_birth=born)
        period = fresh(thuis, profile).period
        expected = contradicts_age(TERMS["MKT"], first_day=DAY, date_of_birth=born)
        assert period.isempty is expected
        assert period.isempty or period.upper == end
        with thuis.scope():
            assert standing_contradictions().exists() is expected


@given(born=days, first_day=days)
def test_a_profile_contradicts_an_age_or_its_opposite_does(born: date, first_day: date) -> None:
    said = {
        code: contradicts_age(TERMS[code], first_day=first_day, date_of_birth=born)
        for code in ("MKT", "PTZ", "DKDL-01")
    }
    assert said["MKT"] is not said["PTZ"]
    assert said["PTZ"] is said["DKDL-01"]


class TestReturn:
    def came_back(self, house: House, nurse: Actor, *, left: date, back: date) -> Client:
        with house.scope():
            client = people.client(house.north, in_care_from=date(2026, 6, 1))
            anamneses.finished(client, nurse.membership, day=date(2026, 7, 1), code="DKDL-01")
            Client.objects.filter(pk=client.pk).update(in_care_until=left)
            Client.objects.filter(pk=client.pk).update(in_care_from=back, in_care_until=None)
        return client

    def test_who_comes_back_after_months_is_due_and_keeps_the_profile(
        self, thuis: House, nurse: Actor
    ) -> None:
        client = self.came_back(thuis, nurse, left=date(2026, 8, 1), back=date(2026, 11, 15))
        with thuis.scope():
            (case,) = cases_of(nurse.membership, day=TODAY)
            (profile,) = selectors.profiles_of([client.pk])[client.pk]
            (known,) = known_of(nurse.membership, day=TODAY)
        assert case.text.note.replace("\N{NO-BREAK SPACE}", " ") == "terug in zorg sinds 15 nov 2026"
        assert (case.state.state, case.state.code) == (ProfileState.DUE, "DKDL-01")
        assert profile.until is None
        assert client_json(known)["state"]["note"] == case.text.note

    def test_a_new_anamnese_answers_it(self, thuis: House, nurse: Actor) -> None:
        client = self.came_back(thuis, nurse, left=date(2026, 8, 1), back=date(2026, 11, 15))
        with thuis.scope():
            anamneses.finished(Client.objects.get(pk=client.pk), nurse.membership, day=TODAY, code="DKDL-02")
            assert state_of(client, nurse.membership, day=TODAY).state is ProfileState.CURRENT

    @pytest.mark.parametrize(
        ("weeks", "state"), [(4, ProfileState.DUE), (5, ProfileState.CURRENT), (6, ProfileState.CURRENT)]
    )
    def test_a_short_time_away_asks_nothing(
        self, thuis: House, nurse: Actor, weeks: int, state: ProfileState
    ) -> None:
        thuis.organisation.return_weeks = weeks
        thuis.organisation.save(update_fields=["return_weeks"])
        nurse.membership.organisation.refresh_from_db()  # type: ignore[union-attr]
        client = self.came_back(thuis, nurse, left=date(2026, 8, 1), back=date(2026, 9, 5))
        with thuis.scope():
            assert state_of(client, nurse.membership, day=TODAY).state is state

    def test_care_corrected_until_the_anamnese_lies_before_it_asks_as_well(
        self, thuis: House, nurse: Actor
    ) -> None:
        profile = with_profile(thuis, nurse, ADULT_BORN, "DKDL-01")
        with thuis.scope():
            Client.objects.filter(pk=profile.client_id).update(in_care_from=DAY + timedelta(days=10))
            state = state_of(profile.client, nurse.membership, day=TODAY)
            noted = FactCorrection.objects.get(fact=CorrectableFact.CARE)
        assert state.happened is not None
        assert (state.happened.kind, state.happened.day) == (FactKind.RETURNED, DAY + timedelta(days=10))
        assert (noted.before, noted.after) == ("[2023-01-01,)", "[2026-10-11,)")

    def test_the_administrator_sets_the_weeks(self, thuis: House, administrator: Actor) -> None:
        address = reverse("organisation-settings")
        administrator.browser.post(address, LIMITS | {"return_weeks": "8"})
        thuis.organisation.refresh_from_db()
        assert thuis.organisation.return_weeks == 8
        page = administrator.browser.post(address, LIMITS | {"return_weeks": "53"})
        assert set(page.context["form"].errors) == {"return_weeks"}
