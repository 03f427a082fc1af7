"""Webhooks, and the table of messages that go out.

Tables, migrations and what a secret is sealed for keep the label that they were made with, when this was
a part of another app (docs/adr/0031).
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from care.schema.fields import EncryptedTextField
from care.schema.models import Organisation
from exchange.webhooks.constants import (
    DeliveryState,
    Fault,
    SignatureScheme,
    SubscriptionState,
    WebhookEvent,
)
from exchange.webhooks.signing import Signer


class WebhookSubscription(models.Model):
    """An address of a receiver that is told of events, with the secret that signs what it is told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    address = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=30, choices=WebhookEvent))
    key_id = models.CharField(max_length=16)
    secret = EncryptedTextField()
    scheme = models.CharField(max_length=10, choices=SignatureScheme, default=SignatureScheme.STANDARD)
    state = models.CharField(max_length=10, choices=SubscriptionState, default=SubscriptionState.PREPARED)
    fault = models.CharField(max_length=20, blank=True, default=Fault.NONE)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "declarations"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SubscriptionState.values), name="subscription_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=SignatureScheme.values), name="subscription_scheme_is_known"
            ),
            models.CheckConstraint(
                condition=Q(events__contained_by=WebhookEvent.values) & ~Q(events=[]),
                name="subscription_events_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.public_id}"

    @property
    def signer(self) -> Signer:
        """What signs its messages."""
        return Signer(SignatureScheme(self.scheme), self.key_id, self.secret)


class WebhookDelivery(models.Model):
    """One message for one receiver, written in the transaction of what it tells of; ids, states and times.

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
        app_label = "declarations"
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
