"""Webhooks of an organisation: prepared, checked with a wrong and a right signature, switched on and off."""

import json
import logging
import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from care.schema.models import Organisation, User
from care.tenancy import scope
from exchange.webhooks import http_client
from exchange.webhooks.addresses import CallFailedError, Target, target
from exchange.webhooks.constants import (
    SUBSCRIPTIONS,
    TEST_EVENT,
    DeliveryState,
    Fault,
    SignatureScheme,
    SubscriptionState,
    WebhookEvent,
)
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from exchange.webhooks.signing import Signer, new_secret, signed_headers

KEY_BYTES = 6

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewWebhook:
    """A webhook with its secret, which is shown once."""

    row: WebhookSubscription
    secret: str


def prepare(
    *, organisation: Organisation, address: str, events: Sequence[WebhookEvent], by: User
) -> NewWebhook:
    """Record a webhook that tells nothing yet. Raises ValidationError where the address cannot be one."""
    if webhooks_of(organisation).exclude(state=SubscriptionState.STOPPED).count() >= SUBSCRIPTIONS:
        raise ValidationError(
            _("Er zijn al %(most)d meldingen. Zet er eerst een uit.") % {"most": SUBSCRIPTIONS}
        )
    try:
        target(address)
    except CallFailedError as error:
        raise ValidationError({"address": str(error.fault.label)}) from error
    secret = new_secret(SignatureScheme.STANDARD)
    row = WebhookSubscription.objects.create(
        organisation=organisation,
        address=address,
        events=sorted(events, key=list(WebhookEvent).index),
        key_id=secrets.token_hex(KEY_BYTES),
        secret=secret,
        scheme=SignatureScheme.STANDARD,
        made_by=by,
    )
    log.info("webhook_prepared webhook=%s user=%s", row.public_id, by.public_id)
    return NewWebhook(row, secret)


def prepare_successor(*, webhook: WebhookSubscription, by: User) -> NewWebhook:
    """Record a webhook like another one, with a secret of its own, signed by Standard Webhooks.

    Both can be on while the receiver learns the new secret. Raises ValidationError like prepare().
    """
    return prepare(
        organisation=webhook.organisation,
        address=webhook.address,
        events=[WebhookEvent(event) for event in webhook.events],
        by=by,
    )


def check_and_start(*, webhook: WebhookSubscription, by: User) -> Fault:
    """Switch a webhook on if its receiver refuses a wrong signature and accepts a right one; return why not.

    The receiver is called twice, for CALL_SECONDS at most each: call this outside a transaction, so that who
    answers slowly holds none. Who switches it off meanwhile is obeyed.
    """
    fault = _fault_of_receiver(webhook)
    with scope.organisation(webhook.organisation_id):
        rows = WebhookSubscription.objects.filter(pk=webhook.pk)
        rows.update(fault=fault)
        if not fault:
            rows.filter(state=webhook.state).update(state=SubscriptionState.ACTIVE)
    log.info("webhook_checked webhook=%s user=%s fault=%s", webhook.public_id, by.public_id, fault)
    return fault


def _fault_of_receiver(webhook: WebhookSubscription) -> Fault:
    try:
        receiver = target(webhook.address)
        wrong = replace(webhook.signer, secret=new_secret(webhook.signer.scheme))
        refusal = _try_out(webhook, receiver, wrong)
        if refusal not in http_client.REFUSAL:
            return Fault.REDIRECTED if refusal in http_client.REDIRECT else Fault.WRONG_ACCEPTED
        answer = _try_out(webhook, receiver, webhook.signer)
    except CallFailedError as error:
        return error.fault
    return Fault.NONE if answer in http_client.OK else Fault.RIGHT_REFUSED


def _try_out(webhook: WebhookSubscription, receiver: Target, signer: Signer) -> int:
    """Send a test message; both look the same but for the signature."""
    delivery = str(uuid.uuid4())
    body = json.dumps({"id": delivery, "event": TEST_EVENT, "webhook": str(webhook.public_id)}).encode()
    headers = signed_headers(
        signer, event=TEST_EVENT, delivery=delivery, timestamp=int(time.time()), body=body
    )
    return http_client.post(receiver, headers, body)


@transaction.atomic
def stop(*, webhook: WebhookSubscription, by: User) -> None:
    """Switch a webhook off: what is waiting is dropped. It can be switched on again by checking it."""
    WebhookSubscription.objects.filter(pk=webhook.pk).update(state=SubscriptionState.STOPPED)
    webhook.deliveries.filter(state=DeliveryState.WAITING).delete()
    log.info("webhook_stopped webhook=%s user=%s", webhook.public_id, by.public_id)


def webhooks_of(organisation: Organisation) -> QuerySet[WebhookSubscription]:
    """Return the webhooks of an organisation, newest first, with `waiting` and `dead` messages counted."""
    return (
        WebhookSubscription.objects.filter(organisation=organisation)
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
            dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
        )
        .order_by("-id")
    )


def webhook_for(organisation: Organisation, public_id: UUID) -> WebhookSubscription:
    """Return one webhook. Raises Http404 for another organisation's."""
    found = webhooks_of(organisation).filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("Deze melding bestaat niet in jouw organisatie."))
    return found


def deliveries_of(webhook: WebhookSubscription) -> QuerySet[WebhookDelivery]:
    """Return the messages of a webhook, newest first."""
    return webhook.deliveries.order_by("-id")
