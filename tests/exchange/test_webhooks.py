"""Webhooks: written with what they tell of, sent, tried again, given up."""

import json
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from time_machine import travel

from declarations.delivery.withdrawing import withdraw_file
from declarations.matching import queue, reevaluation
from declarations.progress.file_states import move_file
from declarations.replies import services as replies
from declarations.schema.constants import FileState, Handover
from declarations.schema.delivery_constants import ReplyStatus
from exchange.rest.schemas_webhooks import MessageTold
from exchange.webhooks import outbox, setting_up, tasks
from exchange.webhooks.constants import ATTEMPTS, LEASE, DeliveryState, Fault, WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from tests.actors import Actor, House
from tests.database import look_at_constraints
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.replies.answering import delivered
from tests.exchange.receiver import Receiver
from tests.exchange.subscribed import check, prepared, rows, told
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db


# What is told.


def test_it_tells_of_a_file_on_its_way(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.client(0)
    with thuis.scope():
        look_at_constraints()
        WebhookDelivery.objects.all().delete()
    file = office.imported(insured(0), insured(1))
    assert told(thuis) == ["declaration.imported"]
    office.attach(file)
    assert told(thuis) == ["declaration.imported", "declaration.ready"]
    office.make(file)
    assert told(thuis)[2:] == ["declaration.exported"]
    tasks.send_due_webhooks()
    assert all(MessageTold.model_validate_json(body) for _headers, body in receiver.came_in)
    said = [json.loads(body) for _headers, body in receiver.came_in]
    assert {one["event"]: one["object"]["state"] for one in said} == {
        "declaration.imported": "imported",
        "declaration.ready": "imported",
        "declaration.exported": "exported",
    }
    assert {one["object"]["id"] for one in said} == {str(file.public_id)}
    assert {row.state for row in rows(thuis)} == {DeliveryState.DELIVERED}


def test_it_tells_of_a_file_that_was_withdrawn(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported()
    with office.facts():
        withdraw_file(file=file)
    assert told(thuis) == ["declaration.imported", "declaration.withdrawn"]


def test_it_tells_of_records_that_came_back(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    office.client(0)
    file = delivered(office, 0)
    with office.facts():
        replies.record_for_file(file=office.fresh(file), status=ReplyStatus.REJECTED, reason="0200")
    assert told(thuis)[-1] == "declaration.rejected"


def test_a_file_is_ready_only_when_nobody_is_queued(
    webhook: WebhookSubscription, office: Office, thuis: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BATCH", 1)
    file = office.imported(insured(0), insured(1))
    for expected in (0, 1):
        assert queue.work_batch(organisation_id=office.organisation_id, file_id=file.pk) == 1
        assert told(thuis).count("declaration.ready") == expected


def test_who_waits_in_vain_is_no_longer_queued_either(
    webhook: WebhookSubscription, office: Office, thuis: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.imported()
    monkeypatch.setattr(queue, "ATTEMPTS", 1)
    monkeypatch.setattr(queue, "_outcome_row", lambda _decided: 1 / 0)
    queue.work_batch(organisation_id=office.organisation_id, file_id=file.pk)
    assert office.states(file) == [("held", "technical_error")]
    assert told(thuis) == ["declaration.imported", "declaration.ready"]


def test_what_is_looked_at_anew_is_not_ready_once_more(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    client = office.client(0, day=None)
    file = office.attached()
    before = told(thuis)
    with office.facts():
        people.correct_birth(client, date(1950, 1, 1))
    reevaluation.compare_file(organisation_id=office.organisation_id, file_id=file.pk)
    assert told(thuis) == before


def test_it_tells_of_a_profile_without_saying_which(
    webhook: WebhookSubscription, office: Office, thuis: House, receiver: Receiver
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        profile = anamneses.finished(client, office.nurse, day=timezone.localdate(), code="DKDL-07")
    assert told(thuis) == ["profile.created"]
    tasks.send_due_webhooks()
    ((headers, body),) = receiver.came_in
    assert MessageTold.model_validate_json(body).object.id == profile.public_id
    assert json.loads(body) == {
        "id": headers["webhook-id"],
        "event": "profile.created",
        "at": rows(thuis)[0].happened_at.isoformat(),
        "object": {
            "type": "profile",
            "id": str(profile.public_id),
            "state": "standing",
            "client": str(client.public_id),
        },
    }
    assert b"DKDL" not in body


def test_it_tells_only_what_was_asked_for(
    thuis: House, administrator: Actor, receiver: Receiver, office: Office
) -> None:
    row = prepared(thuis, administrator, receiver, WebhookEvent.EXPORTED)
    check(thuis, administrator, row)
    office.client(0)
    office.exported(office.attached())
    assert told(thuis) == ["declaration.exported"]


def test_what_is_undone_is_not_told(webhook: WebhookSubscription, office: Office, thuis: House) -> None:
    with transaction.atomic():
        office.imported()
        assert told(thuis) == ["declaration.imported"]
        transaction.set_rollback(True)
    assert told(thuis) == []


def test_what_was_not_told_yet_is_told_once(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported()
    made, unmade = (FileState.EXPORTED, Handover.MADE), (FileState.IMPORTED, Handover.NONE)
    for state, handover in (made, unmade, made):
        with office.facts():
            move_file(file, state=state, handover=handover)
    assert sorted(told(thuis)) == ["declaration.exported", "declaration.imported"]
    tasks.send_due_webhooks()
    with office.facts():
        for state, handover in (unmade, made):
            move_file(file, state=state, handover=handover)
    assert told(thuis)[2:] == ["declaration.imported", "declaration.exported"]


def test_another_organisation_is_told_nothing(
    webhook: WebhookSubscription, office_elsewhere: Office, thuis: House, elders: House
) -> None:
    office_elsewhere.imported()
    assert told(thuis) == told(elders) == []


# Sending.


def test_it_signs_every_message_anew(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.imported()
    receiver.right = 503
    start = timezone.now()
    tasks.send_due_webhooks()
    receiver.right = 204
    with travel(start + timedelta(seconds=31), tick=False):
        tasks.send_due_webhooks()
    (first, body), (second, same) = receiver.came_in
    assert (body, first["webhook-id"]) == (same, second["webhook-id"])
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) >= 30
    assert first["webhook-signature"] != second["webhook-signature"]
    (row,) = rows(thuis)
    assert (row.state, row.attempts, row.status_code) == (DeliveryState.DELIVERED, 2, 204)


@pytest.mark.parametrize(
    ("status", "fault"), [(500, Fault.REFUSED), (404, Fault.REFUSED), (302, Fault.REDIRECTED)]
)
def test_it_tries_again_later_each_time_and_then_gives_up(
    status: int,
    fault: Fault,
    webhook: WebhookSubscription,
    office: Office,
    receiver: Receiver,
    thuis: House,
) -> None:
    office.imported()
    receiver.right, now, pauses = status, timezone.now(), []
    for attempt in range(1, ATTEMPTS + 1):
        with travel(now, tick=False):
            tasks.send_due_webhooks()
        (row,) = rows(thuis)
        assert (row.attempts, row.fault, row.status_code) == (attempt, fault, status)
        pauses.append((row.due_at - now).total_seconds())
        now = row.due_at
    assert row.state == DeliveryState.DEAD
    assert pauses == [30, 120, 480, 1920, 7680, 30720, 43200, 43200]
    with travel(now + timedelta(days=9), tick=False):
        tasks.send_due_webhooks()
    assert len(receiver.came_in) == ATTEMPTS


def test_a_worker_that_dies_while_calling_loses_nothing(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.imported()
    start = timezone.now()
    with travel(start, tick=False):
        (claimed,) = outbox.claim(thuis.organisation.pk, at_most=9)
        assert outbox.claim(thuis.organisation.pk, at_most=9) == []
    with travel(start + LEASE, tick=False):
        tasks.send_due_webhooks()
        outbox.settle(claimed, outbox.CallResult(500, Fault.REFUSED))  # it was not dead after all
    (row,) = rows(thuis)
    assert (row.state, row.attempts, len(receiver.came_in)) == (DeliveryState.DELIVERED, 2, 1)


def test_one_organisation_does_not_keep_the_others_waiting(
    webhook: WebhookSubscription,
    office: Office,
    office_elsewhere: Office,
    elders: House,
    administrator_elsewhere: Actor,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(outbox.AT_ONCE):
        office.imported(number=f"F{number}")
    row = prepared(elders, administrator_elsewhere, receiver)
    check(elders, administrator_elsewhere, row)
    receiver.came_in.clear()
    receiver.secret = None
    office_elsewhere.imported()
    assert outbox.send_due() == outbox.PER_ORGANISATION + 1
    assert {headers["Draagvlak-Key"] for headers, _body in receiver.came_in} == {webhook.key_id, row.key_id}


def test_a_webhook_that_is_off_is_told_nothing(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House, administrator: Actor
) -> None:
    office.imported()
    with thuis.scope():
        setting_up.stop(webhook=webhook, by=administrator.user)
    office.imported(number="F2")
    tasks.send_due_webhooks()
    assert (told(thuis), receiver.came_in) == ([], [])


def test_messages_that_arrived_long_ago_are_removed(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    office.imported()
    tasks.send_due_webhooks()
    look_at_constraints()
    with travel(timezone.now() + timedelta(days=29)):
        tasks.forget_old_webhooks()
    assert len(rows(thuis)) == 1
    with travel(timezone.now() + timedelta(days=31)):
        tasks.forget_old_webhooks()
    assert rows(thuis) == []
