"""Tablets in the hands of nurses, as they said that they were, and what was decided about each."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from care.schema.models import Organisation

MINUTE, HOUR = 60, 3600


class DeviceStorage(models.TextChoices):
    """What a tablet's browser promised about what is kept in it."""

    PERSISTENT = "persistent", _("blijvend")
    BEST_EFFORT = "best_effort", _("de browser kan oud werk wissen")
    UNKNOWN = "unknown", _("onbekend")


class DeviceState(models.TextChoices):
    """What was decided about a tablet; it hears so at its next contact."""

    IN_USE = "in_use", _("in gebruik")
    REVOKED = "revoked", _("ingetrokken")
    WIPING = "wiping", _("wordt gewist")
    WIPED = "wiped", _("gewist")


class Device(models.Model):
    """A tablet in the hands of one nurse, as it last said that it was; nothing about clients.

    Its public id is made on the tablet, `page_id` is how pages call this row. `clock_seconds` is how far
    the server's clock was ahead of its own. One that is put away comes back when it is heard of again.
    """

    public_id = models.UUIDField(editable=False)
    page_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=8, choices=DeviceState, default=DeviceState.IN_USE)
    is_put_away = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    seen_at = models.DateTimeField()
    unsent = models.PositiveIntegerField()
    unsent_since = models.DateTimeField(null=True)
    storage = models.CharField(max_length=12, choices=DeviceStorage)
    clock_seconds = models.IntegerField(null=True)
    app_version = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "public_id"], name="device_once_per_nurse"
            ),
            models.CheckConstraint(
                condition=Q(storage__in=DeviceStorage.values), name="device_storage_known"
            ),
            models.CheckConstraint(condition=Q(state__in=DeviceState.values), name="device_state_known"),
        ]

    def __str__(self) -> str:
        return f"device {self.code}"

    @property
    def clock_words(self) -> str:
        """How far its clock is from the server's, either way, in the largest unit that says enough."""
        if self.clock_seconds is None:
            return _now("onbekend")
        away = abs(self.clock_seconds)
        if away < 2 * MINUTE:
            return _now("± %(number)d s") % {"number": away}
        if away < 2 * HOUR:
            return _now("± %(number)d min") % {"number": round(away / MINUTE)}
        return _now("± %(number)d uur") % {"number": round(away / HOUR)}

    @property
    def code(self) -> str:
        """What the tablet calls itself on its own page."""
        return str(self.public_id)[:4].upper()


class DeviceEventKind(models.TextChoices):
    """What happened to a tablet."""

    NAMED = "named", _("kreeg een naam")
    IN_USE = "in_use", _("mag weer gebruikt worden")
    REVOKED = "revoked", _("toegang ingetrokken")
    WIPING = "wiping", _("moet zich wissen")
    WIPED = "wiped", _("heeft zich gewist")
    PUT_AWAY = "put_away", _("uit de lijst gehaald")
    BACK = "back", _("weer gezien")


class DeviceEvent(models.Model):
    """One thing that happened to a tablet; without a user the tablet itself said so. Only ever added."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=DeviceEventKind)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DeviceEventKind.values), name="device_event_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of device {self.device_id}"
