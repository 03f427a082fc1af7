"""The number in the menu: counted by the database as `is_time` says, and with no second pass."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from care.clients import deaths
from care.schema.models import Client
from profiles.schema.constants import EventKind
from profiles.timeline import reassessment, selectors
from profiles.timeline.events import record_event
from profiles.timeline.facts import rules_of
from tests.actors import Actor, House
from tests.factories import anamneses, people

TODAY = date(2026, 3, 10)
#: The last day of a month, so that months that are shorter are met as well.
FILLED = date(2025, 11, 30)
#: A pass over the caseload is a statement that reads the latest profile of each client.
PASS = "DISTINCT ON"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-03-10T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def clients(thuis: House, nurse: Actor) -> list[Client]:
    """One with each kind of profile, one whose profile contradicts a birthday, and one without any."""
    with thuis.scope():
        for code in ("TIJDELIJK", "PTZ", "DKDL-05", "GEEN"):
            anamneses.finished(people.client(thuis.north), nurse.membership, day=FILLED, code=code)
        child = people.client(thuis.north, date_of_birth=date(2008, 4, 20))
        anamneses.finished(child, nurse.membership, day=FILLED, code="MKT")
        wrong = people.client(thuis.north)
        anamneses.finished(wrong, nurse.membership, day=FILLED)
        Client.objects.filter(pk=wrong.pk).update(date_of_birth=date(2015, 1, 1))
        people.client(thuis.north)
        return list(Client.objects.order_by("pk"))


def judged(nurse: Actor, clients: list[Client], day: date) -> int:
    rules = rules_of(nurse.membership.organisation)
    states = selectors.states_of([client.pk for client in clients], day=day, rules=rules)
    return sum(state.is_time for state in states.values())


def days_around_each_change(nurse: Actor, clients: list[Client]) -> list[date]:
    rules = rules_of(nurse.membership.organisation)
    found = selectors.states_of([client.pk for client in clients], day=FILLED, rules=rules).values()
    turns = [day for state in found for day in (state.until, state.due_since) if day]
    weeks = [day - timedelta(days=7) for day in turns]
    around = (day + timedelta(days=off) for day in (*turns, *weeks) for off in (-1, 0, 1))
    return sorted({FILLED, TODAY, *around})


def test_it_counts_as_each_state_says_on_every_day_that_something_changes(
    thuis: House, nurse: Actor, clients: list[Client]
) -> None:
    with thuis.scope():
        days = days_around_each_change(nurse, clients)
        counted = {day: reassessment.count_due(nurse.membership, day=day) for day in days}
        assert counted == {day: judged(nurse, clients, day) for day in days}
    assert len(set(counted.values())) > 4


def test_it_counts_what_happened_since(thuis: House, nurse: Actor, clients: list[Client]) -> None:
    with thuis.scope():
        before = reassessment.count_due(nurse.membership, day=TODAY)
        of_dkdl = clients[2]
        record_event(client=of_dkdl, kind=EventKind.HOSPITAL, day=TODAY, user=nurse.user)
        after = reassessment.count_due(nurse.membership, day=TODAY)
        assert (before + 1, after) == (after, judged(nurse, clients, TODAY))


def test_it_counts_who_is_said_to_have_died_until_that_is_answered(
    thuis: House, nurse: Actor, clients: list[Client]
) -> None:
    """Whatever the profile and the day: each of them waits for her once."""
    with thuis.scope():
        days = days_around_each_change(nurse, clients)
        before = {day: reassessment.count_due(nurse.membership, day=day) for day in days}
        deaths.ask_whether_died(client_ids=[client.pk for client in clients], told_on=FILLED)
        for day in days:
            counted = reassessment.count_due(nurse.membership, day=day)
            assert counted == judged(nurse, clients, day) == len(clients)
        for client in clients:
            deaths.deny_death(client=client, by=nurse.membership)
        assert before == {day: reassessment.count_due(nurse.membership, day=day) for day in days}
        deaths.record_death(client=clients[-1], died_on=FILLED, by=nurse.membership)
        assert reassessment.count_due(nurse.membership, day=TODAY) == before[TODAY] - 1


@pytest.mark.parametrize("page", ["client-list", "due-list", "client-add"])
def test_a_page_passes_over_the_caseload_once(nurse: Actor, clients: list[Client], page: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = nurse.browser.get(reverse(page))
    assert 'class="badge"' in answer.content.decode()
    assert sum(PASS in query["sql"] for query in asked.captured_queries) == 1
