"""Tokens and webhooks as the administrator reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from declarations.schema.tokens import ApiScope, ApiToken
from exchange.webhooks.constants import Fault, SignatureScheme, SubscriptionState, WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription


@dataclass(frozen=True)
class TokenLine:
    """A token with its rights in words; `status` is a kind that components/status.html knows."""

    token: ApiToken
    rights: str
    status: str
    standing: str
    can_revoke: bool


@dataclass(frozen=True)
class DeliveryLine:
    """A message with what it tells, in words."""

    delivery: WebhookDelivery
    what: str


@dataclass(frozen=True)
class WebhookLine:
    """A webhook with its events in words, and why it is not on or what did not arrive."""

    webhook: Any
    events: list[str]
    status: str
    fault: str
    is_active: bool
    can_stop: bool
    is_old_scheme: bool


def token_lines(tokens: Iterable[ApiToken], now: datetime) -> list[TokenLine]:
    """Return the tokens in words."""
    return [_token_line(token, now) for token in tokens]


def _token_line(token: ApiToken, now: datetime) -> TokenLine:
    rights = ", ".join(str(ApiScope(scope).label) for scope in token.scopes)
    if token.opens(now):
        return TokenLine(token, rights, "current", token.get_state_display(), can_revoke=True)
    standing = _("verlopen") if token.has_expired(now) else token.get_state_display()
    return TokenLine(token, rights, "ended", standing, can_revoke=False)


def event_words(event: str) -> str:
    """Return what happened, as a sentence without its full stop."""
    return capfirst(str(WebhookEvent(event).label))


def webhook_lines(webhooks: Iterable[WebhookSubscription]) -> list[WebhookLine]:
    """Return the webhooks in words."""
    kinds = {SubscriptionState.ACTIVE: "current", SubscriptionState.PREPARED: "due"}
    return [
        WebhookLine(
            webhook=webhook,
            events=[event_words(event) for event in webhook.events],
            status=kinds.get(SubscriptionState(webhook.state), "ended"),
            fault=str(Fault(webhook.fault).label),
            is_active=webhook.state == SubscriptionState.ACTIVE,
            can_stop=webhook.state != SubscriptionState.STOPPED,
            is_old_scheme=webhook.scheme != SignatureScheme.STANDARD,
        )
        for webhook in webhooks
    ]


def delivery_lines(deliveries: Iterable[WebhookDelivery]) -> list[DeliveryLine]:
    """Return the messages in words."""
    return [DeliveryLine(delivery, event_words(delivery.event)) for delivery in deliveries]
