"""The table of messages: claimed, sent outside any transaction, and settled; a worker may die at any point.

A message can arrive twice (its id is the same then), never not at all while it is waiting.
"""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from care.backoff import pause_after
from care.tenancy import scope
from care.tenancy.each_organisation import isolated
from exchange.webhooks import http_client
from exchange.webhooks.addresses import CallFailedError, target
from exchange.webhooks.constants import (
    ATTEMPTS,
    FIRST_PAUSE,
    KEPT_FOR,
    LEASE,
    LONGEST_PAUSE,
    DeliveryState,
    Fault,
    SubscriptionState,
)
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from exchange.webhooks.signing import Signer, signed_headers

AT_ONCE = 16
PER_ORGANISATION = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message, with all that its call needs."""

    row_id: int
    organisation_id: int
    delivery: str
    event: str
    address: str
    signer: Signer
    body: bytes
    attempt: int


@dataclass(frozen=True, slots=True)
class CallResult:
    """What came of a call: the status of the answer (none without one), and the fault."""

    status: int | None
    fault: Fault


def send_due() -> int:
    """Send what is due, at most AT_ONCE messages next to each other; return how many."""
    messages = list(_claimed())
    if not messages:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(send, messages))
    for message, outcome in zip(messages, outcomes, strict=True):
        with isolated("settle webhook", message.organisation_id):
            settle(message, outcome)
    return len(messages)


def _claimed() -> Iterator[Message]:
    """Yield due messages, a few of each organisation, so that none keeps the others waiting."""
    room = AT_ONCE
    for organisation_id in _organisations():
        if room <= 0:
            return
        claimed: list[Message] = []
        with isolated("claim webhooks", organisation_id):
            claimed = claim(organisation_id, at_most=min(room, PER_ORGANISATION))
        room -= len(claimed)
        yield from claimed


def _organisations() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select organisations_with_due_webhooks(%s)", [timezone.now()])
        return [found for (found,) in cursor.fetchall()]


def claim(organisation_id: int, *, at_most: int) -> list[Message]:
    """Take hold of due messages of an organisation: counted as an attempt before the call is made."""
    now = timezone.now()
    with scope.organisation(organisation_id):
        due = WebhookDelivery.objects.filter(
            state=DeliveryState.WAITING, due_at__lte=now, subscription__state=SubscriptionState.ACTIVE
        ).select_related("subscription")
        rows = list(due.order_by("due_at").select_for_update(skip_locked=True, of=("self",))[:at_most])
        for row in rows:
            row.attempts += 1
            row.due_at = now + LEASE
            row.save(update_fields=["attempts", "due_at"])
        return [_message(row) for row in rows]


def _message(row: WebhookDelivery) -> Message:
    whom = row.subscription
    return Message(
        row_id=row.pk,
        organisation_id=row.organisation_id,
        delivery=str(row.public_id),
        event=row.event,
        address=whom.address,
        signer=whom.signer,
        body=body_of(row),
        attempt=row.attempts,
    )


def body_of(row: WebhookDelivery) -> bytes:
    """Return the message: ids, states and times, and nothing about anybody."""
    kind = row.event.partition(".")[0]
    what = {"type": kind, "id": str(row.object_id), "state": row.object_state}
    if row.client_id_told:
        what["client"] = str(row.client_id_told)
    told = {"id": str(row.public_id), "event": row.event, "at": row.happened_at.isoformat(), "object": what}
    return json.dumps(told, separators=(",", ":")).encode()


def send(message: Message) -> CallResult:
    """Make one call, signed now: a receiver may refuse an old timestamp. Uses no database."""
    headers = signed_headers(
        message.signer,
        event=message.event,
        delivery=message.delivery,
        timestamp=int(time.time()),
        body=message.body,
    )
    try:
        status = http_client.post(target(message.address), headers, message.body)
    except CallFailedError as error:
        return CallResult(None, error.fault)
    if status in http_client.OK:
        return CallResult(status, Fault.NONE)
    return CallResult(status, Fault.REDIRECTED if status in http_client.REDIRECT else Fault.REFUSED)


def settle(message: Message, outcome: CallResult) -> None:
    """Write down what came of a call: arrived, to be tried again later, or given up."""
    with scope.organisation(message.organisation_id):
        row = WebhookDelivery.objects.select_for_update().filter(pk=message.row_id).first()
        if row is None or row.state != DeliveryState.WAITING or row.attempts != message.attempt:
            return  # somebody else went on after this worker had been given up
        row.status_code, row.fault = outcome.status, outcome.fault
        if outcome.fault == Fault.NONE:
            row.state = DeliveryState.DELIVERED
        elif row.attempts >= ATTEMPTS:
            row.state = DeliveryState.DEAD
            log.warning("webhook_given_up delivery=%s fault=%s", row.public_id, outcome.fault)
        row.due_at = timezone.now() + pause_after(
            row.attempts, first=FIRST_PAUSE, factor=4, longest=LONGEST_PAUSE
        )
        row.save(update_fields=["state", "status_code", "fault", "due_at"])


def try_again(subscription: WebhookSubscription) -> int:
    """Let messages that were given up go out anew; return how many."""
    dead = subscription.deliveries.filter(state=DeliveryState.DEAD)
    # One attempt stays counted: a row of no attempts stands for "not told yet", of which there is one.
    return dead.update(state=DeliveryState.WAITING, attempts=1, due_at=timezone.now())


def forget_old(organisation_id: int, *, now: datetime) -> int:
    """Remove messages that arrived long ago; return how many."""
    with scope.organisation(organisation_id):
        old = WebhookDelivery.objects.filter(state=DeliveryState.DELIVERED, happened_at__lt=now - KEPT_FOR)
        return old.delete()[0]
