"""Scheduled work: a fault at one organisation stops no other."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DataError, connection

from care import tasks as care_tasks
from care.tenancy.each_organisation import for_each_organisation
from config import environment
from declarations import rounds
from declarations.matching import tasks as matching_tasks
from exchange.webhooks import tasks as webhook_tasks
from questionnaires.anamneses import tasks as questionnaire_tasks
from tests.factories import people

pytestmark = pytest.mark.django_db
NAME = "Van der Wilgenhof"
WALKS = "Organisation.objects.order_by('id').values_list('id', flat=True)"


def test_a_fault_at_one_is_logged_without_its_text_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second, third = (people.organisation().pk for _time in range(3))
    done = []

    def work(organisation_id: int) -> None:
        if organisation_id == second:
            raise RuntimeError(NAME)
        done.append(organisation_id)

    for_each_organisation("count", work)
    assert done == [first, third]
    assert f"round_failed step=count organisation={second} fault=RuntimeError" in caplog.text
    assert NAME not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_that_of_one_organisation_only() -> None:
    first, second = (people.organisation().pk for _time in range(2))
    done = []

    def work(organisation_id: int) -> None:
        if organisation_id == first:
            connection.connection.close()
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        done.append(organisation_id)

    for_each_organisation("count", work)
    assert done == [second]


ROUNDS: list[tuple[Callable[[], object], str]] = [
    (care_tasks.let_planned_moves_begin, "care.tasks.apply_planned_moves"),
    (questionnaire_tasks.close_drafts_of_who_left, "questionnaires.anamneses.tasks.close_drafts"),
    (questionnaire_tasks.forget_what_was_thrown_away, "questionnaires.anamneses.tasks.forget_answers"),
    (matching_tasks.count_every_file, "declarations.matching.reconciliation.note_balances"),
    (matching_tasks.tell_who_waits_too_long, "declarations.matching.reconciliation.log_waiting"),
    (rounds.look_for_due_work, "declarations.rounds.compare_organisation"),
    (rounds.keep_references, "declarations.intake.earlier_references.catch_up"),
    (rounds.look_for_due_exports, "declarations.delivery.jobs.due"),
    (rounds.forget_the_unconfirmed, "declarations.progress.throughput.forget_old"),
    (webhook_tasks.forget_old_webhooks, "exchange.webhooks.outbox.forget_old"),
]


@pytest.mark.parametrize(("round_", "step"), ROUNDS, ids=[step for _round, step in ROUNDS])
def test_every_round_visits_all_though_each_visit_fails(
    monkeypatch: pytest.MonkeyPatch, round_: Callable[[], object], step: str
) -> None:
    for _time in range(2):
        people.organisation()
    visits = []

    def fail(*_given: object, **_named: object) -> None:
        visits.append(step)
        raise DataError(NAME)

    monkeypatch.setattr(step, fail)
    round_()
    assert len(visits) == 2


def test_nothing_else_walks_all_organisations() -> None:
    walking = [
        file.relative_to(environment.ROOT)
        for app in ("care", "questionnaires", "profiles", "declarations", "exchange")
        for file in (environment.ROOT / app).rglob("*.py")
        if any(ast.unparse(node) == WALKS for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    ]
    assert walking == [Path("care/tenancy/each_organisation.py")]
