"""Tokens of organisations, webhooks, and the table of messages that go out."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from care.access import Program
from care.fields import EncryptedTextField
from care.models import Organisation
from declarations.api.constants import (
    ApiScope,
    DeliveryState,
    Fault,
    SubscriptionState,
    TokenState,
    WebhookEvent,
)


class ApiToken(models.Model):
    """A key with which a care record system acts for one organisation, within scopes; only its hash is kept.

    `window_start` and `window_calls` count the calls of the minute at hand.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=ApiScope))
    state = models.CharField(max_length=10, choices=TokenState, default=TokenState.ACTIVE)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    window_start = models.DateTimeField(null=True)
    window_calls = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TokenState.values), name="token_state_is_known"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=ApiScope.values) & ~Q(scopes=[]),
                name="token_scopes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.prefix}"

    @property
    def program(self) -> Program:
        """Who looks, for the access log."""
        return Program(self.public_id, self.name)

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the token has run out."""
        return self.expires_at is not None and self.expires_at <= now

    def opens(self, now: datetime) -> bool:
        """Tell whether the token can be used."""
        return self.state == TokenState.ACTIVE and not self.has_expired(now)


class WebhookSubscription(models.Model):
    """An address of a receiver that is told of events, with the secret that signs what it is told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    address = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=30, choices=WebhookEvent))
    key_id = models.CharField(max_length=16)
    secret = EncryptedTextField()
    state = models.CharField(max_length=10, choices=SubscriptionState, default=SubscriptionState.PREPARED)
    fault = models.CharField(max_length=20, blank=True, default=Fault.NONE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="subscription_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(events__contained_by=WebhookEvent.values) & ~Q(events=[]),
                name="subscription_events_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.public_id}"


class WebhookDelivery(models.Model):
    """One message for one receiver, written by the database beside what it tells of; ids, states and times.

    `object_id` is the public id of a file or profile, `client_id_told` that of the profile's client.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=30)
    object_id = models.UUIDField()
    client_id_told = models.UUIDField(null=True)
    object_state = models.CharField(max_length=10)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=20, blank=True, default=Fault.NONE)

    class Meta:
        constraints = [
            # What nobody was told yet is told once: the receiver looks the present state up.
            models.UniqueConstraint(
                fields=["subscription", "event", "object_id"],
                condition=Q(state=DeliveryState.WAITING, attempts=0),
                name="untold_event_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_at"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_due",
            ),
            models.Index(fields=["subscription", "-id"], name="delivery_newest_first"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.public_id}"
