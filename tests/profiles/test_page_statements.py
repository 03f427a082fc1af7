"""How many statements the pages of a nurse's way take: fixed, however much there is to read."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from care.consent.statements import record_objection
from care.schema.constants import Role
from care.schema.models import Client
from profiles.schema.constants import EventKind
from profiles.timeline.events import record_event
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House, actor
from tests.factories import anamneses, people

TODAY = date(2026, 3, 10)
#: Session, user, begin, roles, three scopes (before, of the role, after), end: all that a bare page takes.
OF_ANY_PAGE = 8
LIST, SCREEN, REVIEW, CLIENT = (OF_ANY_PAGE + own for own in (7, 6, 5, 10))
#: What was said (consents, objection), what happened, a draft of hers.
ONLY_WHERE_THERE_IS = 2 + 1 + 1
FEW, MANY = 3, 300
ONCE, LONG = range(1, 2), range(2, 14)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel("2026-03-10T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def clients(thuis: House) -> list[Client]:
    with thuis.scope():
        return [people.client(thuis.north) for _number in range(FEW)]


def let_more_come(house: House) -> None:
    with house.scope():
        for _number in range(MANY - FEW):
            people.client(house.north)


@pytest.fixture
def colleague(thuis: House) -> Actor:
    """Return another nurse of the team: who filled in what is history, apart from a draft of hers."""
    return actor(Role.NURSE, thuis, thuis.north)


def assess(client: Client, colleague: Actor, house: House, *, months_ago: range) -> None:
    """Let a client be assessed in some months, the last time with a correction."""
    with house.scope():
        for number in months_ago:
            day = TODAY - timedelta(days=30 * number)
            profile = anamneses.finished(client, colleague.membership, day=day)
        anamneses.corrected(profile, colleague.membership, code="DKDL-03", reason="verkeerde knop")


@pytest.fixture
def draft(thuis: House, nurse: Actor, clients: list[Client]) -> Anamnese:
    with thuis.scope():
        return anamneses.draft(clients[0], nurse.membership, day=TODAY)


def test_the_list_takes_as_many_for_three_clients_as_for_three_hundred(
    nurse: Actor, colleague: Actor, thuis: House, clients: list[Client], draft: Anamnese
) -> None:
    assess(clients[0], colleague, thuis, months_ago=ONCE)
    assert nurse.queries_of(reverse("client-list")) == LIST
    let_more_come(thuis)
    assert nurse.queries_of(reverse("client-list")) == LIST


@pytest.mark.parametrize(("page", "statements"), [("anamnese-screen", SCREEN), ("anamnese-review", REVIEW)])
def test_a_page_of_an_anamnese_takes_as_many_after_a_long_history(
    nurse: Actor,
    colleague: Actor,
    thuis: House,
    clients: list[Client],
    draft: Anamnese,
    page: str,
    statements: int,
) -> None:
    address = reverse(page, args=[draft.public_id, *(["draagkracht"] if page == "anamnese-screen" else [])])
    assert nurse.queries_of(address) == statements
    assess(clients[0], colleague, thuis, months_ago=LONG)
    assert nurse.queries_of(address) == statements


def test_the_page_of_a_client_takes_as_many_after_a_long_history(
    nurse: Actor, colleague: Actor, thuis: House, clients: list[Client]
) -> None:
    address = reverse("client-page", args=[clients[0].public_id])
    assess(clients[0], colleague, thuis, months_ago=ONCE)
    assert nurse.queries_of(address) == CLIENT
    assess(clients[0], colleague, thuis, months_ago=LONG)
    assert nurse.queries_of(address) == CLIENT


def test_the_page_of_a_client_asks_for_what_is_rare_only_where_it_is_there(
    nurse: Actor, colleague: Actor, thuis: House, clients: list[Client], draft: Anamnese
) -> None:
    assess(clients[0], colleague, thuis, months_ago=ONCE)
    with thuis.scope():
        record_objection(client=clients[0], day=TODAY, user=nurse.user)
        record_event(client=clients[0], kind=EventKind.HOSPITAL, day=TODAY, user=nurse.user)
    address = reverse("client-page", args=[clients[0].public_id])
    assert nurse.queries_of(address) == CLIENT + ONLY_WHERE_THERE_IS
