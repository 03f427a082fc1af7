"""What a save costs: most of what the server does all day."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from care.schema.constants import Role
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House, actor
from tests.factories import people
from tests.profiles.tablet.sending import change, payload, put

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 12
MOST_AT_THE_FIRST = 22


@pytest.fixture
def begun(thuis: House, nurse: Actor) -> dict[str, Any]:
    with thuis.scope():
        client = people.client(thuis.north)
    sent = payload(nurse, client)
    assert put(nurse.browser, sent).status_code == 200
    return sent


def test_a_save_of_a_draft_takes_few_statements(
    nurse: Actor, begun: dict[str, Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    changed = change(begun, revision=1, answers={"Q2": "1", "Q3": "1"})
    with django_assert_max_num_queries(MOST_STATEMENTS):
        answer = put(nurse.browser, changed)
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    again = put(nurse.browser, changed)
    assert (again.json()["revision"], again.json()["saved_at"]) == (2, answer.json()["saved_at"])


def test_the_first_save_of_an_anamnese_takes_few_statements(
    thuis: House, nurse: Actor, begun: dict[str, Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with thuis.scope():
        another = people.client(thuis.north)
    sent = payload(nurse, another)
    with django_assert_max_num_queries(MOST_AT_THE_FIRST):
        answer = put(nurse.browser, sent)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    again = put(nurse.browser, sent)
    assert (again.json()["revision"], again.json()["saved_at"]) == (1, answer.json()["saved_at"])


def test_the_short_way_refuses_what_the_long_one_does(
    thuis: House, nurse: Actor, begun: dict[str, Any]
) -> None:
    elsewhere = actor(Role.NURSE, thuis)
    answers = {
        "stale": put(nurse.browser, change(begun, revision=0, answers={"Q2": "2"})),
        "wrong": put(nurse.browser, change(begun, revision=1, answers={"Q2": "9"})),
        "no answers": put(nurse.browser, change(begun, revision=1, answers={"Q2": {"a": 1}})),
        "another's": put(elsewhere.browser, begun),
    }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {"stale": 409, "wrong": 422, "no answers": 422, "another's": 401}
    assert answers["stale"].json()["clash"] == "changed"


def test_time_that_was_measured_grows_with_and_without_new_answers(
    nurse: Actor, begun: dict[str, Any], thuis: House
) -> None:

    put(nurse.browser, change(begun, revision=1, answers={"Q2": "1", "Q3": "1"}, active_seconds=90))
    put(nurse.browser, change(begun, revision=2, answers={"Q2": "1", "Q3": "1"}, active_seconds=95))
    put(nurse.browser, change(begun, revision=2, answers={"Q2": "1", "Q3": "1"}, active_seconds=3))
    with thuis.scope():
        assert Anamnese.objects.get(public_id=begun["id"]).active_seconds == 95
