"""Declarations ask for an anamnese: on the nurse's list until one is finished."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from care.schema.models import Client
from profiles.schema.constants import TOLD_BY_NURSES, EventKind
from profiles.schema.models import ReassessmentEvent
from profiles.timeline import events, reassessment
from profiles.timeline.events import Asked
from tests.actors import Actor, House
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, in_care_from=localdate() - timedelta(400))


def ask(house: House, actor: Actor, *clients: Client) -> Asked:
    with house.scope():
        return events.ask_for_declarations(
            organisation_id=house.organisation.pk, client_ids=[one.pk for one in clients], user=actor.user
        )


def groups(house: House, nurse: Actor) -> list[tuple[str, list[int]]]:
    with house.scope():
        found = reassessment.due_groups(nurse.membership, day=localdate())
        return [(group.key, [case.client.pk for case in group.cases]) for group in found]


def test_asking_twice_asks_once(
    thuis: House, nurse: Actor, declaration_officer: Actor, client: Client
) -> None:
    assert ask(thuis, declaration_officer, client) == Asked(1, 0, 0)
    assert ask(thuis, declaration_officer, client) == Asked(0, 1, 0)
    with thuis.scope():
        assert ReassessmentEvent.objects.count() == 1
    assert groups(thuis, nurse) == [("asked", [client.pk])]


def test_who_left_is_not_asked_for(thuis: House, declaration_officer: Actor) -> None:
    with thuis.scope():
        gone = people.client(thuis.north, in_care_from=localdate() + timedelta(9))
    assert ask(thuis, declaration_officer, gone) == Asked(0, 0, 1)


@pytest.mark.parametrize("days", [0, 40])
def test_an_anamnese_clears_it_of_whatever_day(
    thuis: House, nurse: Actor, declaration_officer: Actor, client: Client, days: int
) -> None:
    """The days without a profile lie in the past: an anamnese of then is just what was asked for."""
    ask(thuis, declaration_officer, client)
    with thuis.scope():
        anamneses.finished(client, nurse.membership, day=localdate() - timedelta(days))
    assert groups(thuis, nurse) == []
    with thuis.scope():
        assert events.events_of(client, since=None) == []


def test_who_has_a_profile_can_be_asked_for_as_well_and_again(
    thuis: House, nurse: Actor, declaration_officer: Actor, client: Client
) -> None:
    with thuis.scope():
        anamneses.finished(client, nurse.membership, day=localdate() - timedelta(20))
    ask(thuis, declaration_officer, client)
    assert groups(thuis, nurse) == [("asked", [client.pk])]
    with thuis.scope():
        event = ReassessmentEvent.objects.get()
        events.withdraw_event(event=event, user=nurse.user)
    assert groups(thuis, nurse) == []
    assert ask(thuis, declaration_officer, client) == Asked(1, 0, 0)


def test_the_nurse_reads_who_asks_and_cannot_tap_it_herself(
    thuis: House, nurse: Actor, declaration_officer: Actor, client: Client
) -> None:
    ask(thuis, declaration_officer, client)
    page = nurse.browser.get(reverse("due-list")).content.decode()
    assert "Gevraagd door declaraties" in page
    assert EventKind.DECLARATION not in dict(TOLD_BY_NURSES)
    answer = nurse.browser.post(
        reverse("client-event", args=[client.public_id]), {"kind": EventKind.DECLARATION}, follow=True
    )
    assert "Kies wat er is gebeurd" in answer.content.decode()
