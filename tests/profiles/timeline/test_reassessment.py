"""At whom it is time to look again: now, by what happened, and in the weeks to come."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import RequestFactory
from django.urls import reverse

from care.schema.constants import AccessAction
from care.schema.models import AccessLog, Client
from profiles.schema.constants import EventKind
from profiles.schema.models import ClientProfile, ReassessmentEvent
from profiles.timeline import events, reassessment
from profiles.timeline.context import reassessment as shown
from profiles.timeline.states import Happened, LatestProfile, Moment, ProfileState, StateReason, state_on
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.factories import anamneses, people
from tests.profiles.dkdl import TERMS

TODAY = date(2026, 3, 10)
LIMITS = {"return_weeks": "4", "offline_hours": "72", "session_idle_minutes": "60", "session_hours": "10"}
Finish = Callable[..., ClientProfile]


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-03-10T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Lindeboom", initials="L.")


@pytest.fixture
def finish(thuis: House, nurse: Actor) -> Finish:
    def make(client: Client, code: str = "DKDL-05", *, days: int = 0) -> ClientProfile:
        with thuis.scope():
            return anamneses.finished(client, nurse.membership, day=TODAY - timedelta(days), code=code)

    return make


def text(response: Any) -> str:
    assert response.status_code == 200
    return as_shown(response)


def count(house: House, actor: Actor) -> int:
    with house.scope():
        return reassessment.count_due(actor.membership, day=TODAY)


def happens(house: House, client: Client, actor: Actor, *, days: int = 0) -> ReassessmentEvent:
    with house.scope():
        return events.record_event(
            client=client, kind=EventKind.HOSPITAL, day=TODAY - timedelta(days), user=actor.user
        )


class TestStates:
    @pytest.mark.parametrize(
        ("code", "until", "moment"),
        [
            ("TIJDELIJK", TODAY + timedelta(28), (TODAY + timedelta(28), StateReason.ENDS)),
            ("MKT", date(2026, 8, 1), (date(2026, 8, 1), StateReason.ADULT)),
            ("PTZ", None, (date(2026, 6, 10), StateReason.MODEL)),
            ("DKDL-07", None, (date(2026, 9, 10), StateReason.PERIOD)),
            ("GEEN", None, (date(2026, 9, 10), StateReason.PERIOD)),
        ],
    )
    def test_every_profile_has_its_moment(
        self, code: str, until: date | None, moment: tuple[date, StateReason]
    ) -> None:
        latest = LatestProfile(code, TODAY, until, TERMS[code])
        assert state_on(TODAY, latest, reassess_months=6).moment == Moment(*moment, code, TERMS[code])

    def test_without_a_profile_there_is_no_moment_but_it_is_time(self) -> None:
        state = state_on(TODAY, None, reassess_months=6)
        assert (state.moment, state.is_time) == (None, True)

    @pytest.mark.parametrize(("days_left", "is_time"), [(8, False), (7, True), (1, True)])
    def test_a_profile_that_ends_is_time_in_its_last_week(self, days_left: int, is_time: bool) -> None:
        latest = LatestProfile(
            "TIJDELIJK", TODAY - timedelta(5), TODAY + timedelta(days_left), TERMS["TIJDELIJK"]
        )
        assert state_on(TODAY, latest, reassess_months=6).is_time is is_time

    @pytest.mark.parametrize("code", ["DKDL-01", "PTZ", "TIJDELIJK"])
    def test_an_event_asks_at_once(self, code: str) -> None:
        until = TODAY + timedelta(28) if code == "TIJDELIJK" else None
        latest = LatestProfile(code, TODAY, until, TERMS[code])
        state = state_on(TODAY, latest, reassess_months=6, happened=Happened("hospital", TODAY))
        assert (state.state, state.is_time) == (ProfileState.DUE, True)


class TestEvents:
    def test_an_event_makes_due_until_a_new_anamnese(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client, days=30)
        assert count(thuis, nurse) == 0
        happens(thuis, client, nurse)
        assert count(thuis, nurse) == 1
        finish(client)
        assert count(thuis, nurse) == 0

    def test_one_recorded_after_the_anamnese_of_that_day_counts(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client)
        happens(thuis, client, nurse)
        assert count(thuis, nurse) == 1

    def test_one_that_an_anamnese_has_seen_already_does_not(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client)
        happens(thuis, client, nurse, days=3)
        assert count(thuis, nurse) == 0

    def test_a_late_anamnese_of_before_it_does_not_answer_it(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client, days=30)
        happens(thuis, client, nurse, days=3)
        finish(client, days=10)
        assert count(thuis, nurse) == 1

    def test_it_is_recorded_in_two_taps_and_taken_back(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client, days=30)
        address = reverse("client-event", args=[client.public_id])
        page = nurse.browser.post(address, {"kind": "carer_gone", "day": "09-03-2026"}, follow=True)
        assert "Mantelzorger valt weg, 9\xa0mrt\xa02026" in text(page)
        with thuis.scope():
            event = ReassessmentEvent.objects.get()
            assert (event.day, event.recorded_by) == (date(2026, 3, 9), nurse.user)
        nurse.browser.post(reverse("event-withdraw", args=[event.public_id]))
        assert count(thuis, nurse) == 0
        with thuis.scope():
            kept = ReassessmentEvent.objects.get()
            assert (kept.withdrawn_on, kept.withdrawn_by) == (TODAY, nurse.user)

    def test_the_day_is_today_where_none_is_given_and_twice_is_once(
        self, thuis: House, nurse: Actor, client: Client
    ) -> None:
        address = reverse("client-event", args=[client.public_id])
        for _time in range(2):
            assert nurse.browser.post(address, {"kind": "fall"}).status_code == 302
        with thuis.scope():
            assert ReassessmentEvent.objects.get().day == TODAY

    @pytest.mark.parametrize("sent", [{"kind": "zoiets"}, {"kind": "fall", "day": "31-02-2026"}, {}])
    def test_nonsense_is_refused_with_a_sentence(
        self, thuis: House, nurse: Actor, client: Client, sent: dict[str, str]
    ) -> None:
        address = reverse("client-event", args=[client.public_id])
        assert "Kies wat er is gebeurd" in text(nurse.browser.post(address, sent, follow=True))
        with thuis.scope():
            assert not ReassessmentEvent.objects.exists()

    @pytest.mark.parametrize("day", [TODAY + timedelta(1), TODAY - timedelta(400)])
    def test_a_day_to_come_or_long_past_is_refused(
        self, thuis: House, nurse: Actor, client: Client, day: date
    ) -> None:
        with thuis.scope(), pytest.raises(ValidationError):
            events.record_event(client=client, kind=EventKind.FALL, day=day, user=nurse.user)

    def test_a_day_out_of_care_is_refused(self, thuis: House, nurse: Actor) -> None:
        with thuis.scope():
            new = people.client(thuis.north, in_care_from=TODAY)
        with thuis.scope(), pytest.raises(ValidationError):
            events.record_event(client=new, kind=EventKind.FALL, day=TODAY - timedelta(1), user=nurse.user)

    def test_others_have_no_part_in_it(
        self, thuis: House, nurse: Actor, nurse_of_another_team: Actor, nurse_elsewhere: Actor, client: Client
    ) -> None:
        event = happens(thuis, client, nurse)
        for actor, status in ((nurse_of_another_team, 403), (nurse_elsewhere, 404)):
            for address in (
                reverse("client-event", args=[client.public_id]),
                reverse("event-withdraw", args=[event.public_id]),
            ):
                assert actor.browser.post(address, {"kind": "fall"}).status_code == status

    def test_what_happened_is_not_rewritten(self, thuis: House, nurse: Actor, client: Client) -> None:
        event = happens(thuis, client, nurse)
        with thuis.scope(), pytest.raises(DatabaseError), transaction.atomic():
            ReassessmentEvent.objects.filter(pk=event.pk).update(kind="fall")


class TestPages:
    def test_the_list_puts_the_most_urgent_first_with_one_action_each(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        with thuis.scope():
            names = ("Nieuweling", "Tijdelijker", "Zesmaands", "Opordes")
            new, temporary, due, current = (people.client(thuis.north, surname=name) for name in names)
        finish(temporary, "TIJDELIJK", days=22)
        finish(due, days=200)
        finish(current)
        finish(client, days=5)
        happens(thuis, client, nurse)
        page = text(nurse.browser.get(reverse("due-list")))
        order = [page.index(name) for name in ("Lindeboom", "Nieuweling", "Tijdelijker", "Zesmaands")]
        assert order == sorted(order)
        assert "Opordes" not in page
        assert page.count('class="entry-action"') == 4
        assert '<span class="badge">4' in page
        assert "Opname in het ziekenhuis, 10\xa0mrt\xa02026" in page
        with thuis.scope():
            seen = AccessLog.objects.latest("id")
        assert (seen.action, set(seen.clients)) == (
            AccessAction.LISTED,
            {client.pk, new.pk, temporary.pk, due.pk},
        )

    def test_who_has_left_is_not_reminded_of(self, thuis: House, nurse: Actor, client: Client) -> None:
        assert count(thuis, nurse) == 1
        with thuis.scope():
            Client.objects.filter(pk=client.pk).update(in_care_until=TODAY)
        assert count(thuis, nurse) == 0
        assert "Lindeboom" not in text(nurse.browser.get(reverse("due-list")))

    def test_nobody_waits(self, nurse: Actor) -> None:
        page = text(nurse.browser.get(reverse("due-list")))
        assert "Bij niemand." in page
        assert 'class="badge"' not in page

    def test_the_calendar_puts_each_client_in_its_week(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        with thuis.scope():
            child = people.client(thuis.north, surname="Bijnavolwassen", date_of_birth=date(2008, 5, 20))
        finish(client, "PTZ", days=10)
        finish(child, "MKT", days=10)
        page = text(nurse.browser.get(reverse("due-calendar")))
        may, middle = page.index("Week 21: 18 mei"), page.index("Week 22: 25 mei")
        assert may < page.index("Bijnavolwassen") < middle
        assert "Wordt 18" in page
        assert middle < page.index("Lindeboom")
        assert 'datetime="2026-05-28"' in page

    def test_the_calendar_goes_on_and_back(self, nurse: Actor) -> None:
        first = text(nurse.browser.get(reverse("due-calendar")))
        assert "?vanaf=2026-06-08" in first
        assert "Eerder" not in first
        assert "?vanaf=2026-03-10" in text(nurse.browser.get(reverse("due-calendar") + "?vanaf=2026-06-08"))

    @pytest.mark.parametrize("odd", ["gisteren", "2020-01-01", "9999-12-31", "2026-13-01"])
    def test_an_odd_address_shows_this_week(self, nurse: Actor, odd: str) -> None:
        page = text(nurse.browser.get(reverse("due-calendar") + f"?vanaf={odd}"))
        assert "(deze week)" in page

    def test_the_number_of_queries_does_not_grow(
        self, thuis: House, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        pages = (reverse("due-list"), reverse("due-calendar"))
        before = [nurse.queries_of(page) for page in pages]
        with thuis.scope():
            more = [people.client(thuis.north) for _each in range(8)]
        for each in more[:4]:
            finish(each, days=200)
        assert [nurse.queries_of(page) for page in pages] == before

    def test_the_page_of_an_error_asks_nothing_of_a_broken_transaction(
        self, rf: RequestFactory, thuis: House, nurse: Actor, client: Client
    ) -> None:
        request = rf.get("/")
        request.membership = nurse.membership  # type: ignore[attr-defined]
        with thuis.scope():
            assert shown(request)["time_for"] == 1
            transaction.set_rollback(True)
            assert shown(request)["time_for"] == 0
            transaction.set_rollback(False)


class TestOrganisation:
    def test_the_administrator_sets_the_months(
        self, thuis: House, administrator: Actor, nurse: Actor, client: Client, finish: Finish
    ) -> None:
        finish(client, days=100)
        assert count(thuis, nurse) == 0
        address = reverse("organisation-settings")
        answers = {"reassess_months": "3", **LIMITS}
        assert administrator.browser.post(address, answers).status_code == 302
        nurse.membership.organisation.refresh_from_db()  # type: ignore[union-attr]
        assert count(thuis, nurse) == 1

    @pytest.mark.parametrize("months", ["0", "61", "", "veel"])
    def test_odd_months_are_refused(self, thuis: House, administrator: Actor, months: str) -> None:
        answers = {"reassess_months": months, **LIMITS}
        page = administrator.browser.post(reverse("organisation-settings"), answers)
        assert set(page.context["form"].errors) == {"reassess_months"}
        thuis.organisation.refresh_from_db()
        assert thuis.organisation.reassess_months == 6
