"""Instrument versions, and the anamneses that were filled in with them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from care.schema.fields import EncryptedTextField
from care.schema.models import Client, Organisation
from questionnaires.schema import device_models as _devices  # noqa: F401 - models that Django finds here


class InstrumentVersion(models.Model):
    """One version of a questionnaire, as it was loaded from its definition file; it never changes.

    In force from valid_from (always, where that is empty) until a successor's valid_from.
    """

    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    definition = models.JSONField()
    definition_hash = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="instrument_version_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class AnamneseStatus(models.TextChoices):
    """Where an anamnese is in its life; only a draft can change."""

    DRAFT = "draft", _("concept")
    FINISHED = "finished", _("afgerond")
    DISCARDED = "discarded", _("weggegooid")


class DiscardReason(models.TextChoices):
    """Why a draft was thrown away, where it was not by the person who filled it in."""

    LEFT_CARE = "left_care", _("de cliënt is niet meer in zorg")


class Anamnese(models.Model):
    """One filled-in questionnaire of one client. Its public id is made where it is filled in.

    `answers` maps a question id to an option code, or to a list of codes where several may be chosen.
    `set_aside` holds, in the same shape, what was answered and does not apply now: it comes back when it
    applies again, never counts, and is gone once the anamnese is finished.
    `active_seconds` is how long somebody was really busy with it, where that was measured. `payload_hash`
    is of what a tablet finished it with: the same again is a repeat, anything else is not.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="anamneses")
    instrument = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT)
    date = models.DateField()
    answers = models.JSONField(default=dict)
    set_aside = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=AnamneseStatus, default=AnamneseStatus.DRAFT)
    discard_reason = models.CharField(max_length=12, choices=DiscardReason, blank=True, default="")
    nurse = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    correction_reason = EncryptedTextField(blank=True, default="")
    active_seconds = models.PositiveIntegerField(null=True)
    payload_hash = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AnamneseStatus.values), name="anamnese_status_known"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")), name="corrects_another_anamnese"
            ),
            models.UniqueConstraint(
                fields=["client", "date"],
                condition=Q(status=AnamneseStatus.FINISHED, corrects__isnull=True),
                name="one_anamnese_per_client_and_day",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(status=AnamneseStatus.FINISHED),
                name="an_anamnese_is_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["client", "nurse", "corrects"],
                condition=Q(status=AnamneseStatus.DRAFT),
                nulls_distinct=False,
                name="one_draft_per_client_and_nurse",
            ),
            models.CheckConstraint(
                condition=Q(discard_reason="")
                | Q(discard_reason__in=DiscardReason.values, status="discarded"),
                name="only_what_is_discarded_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="finished") | Q(set_aside={}), name="what_is_finished_sets_nothing_aside"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status", "client"], name="anamnese_by_status")]

    def __str__(self) -> str:
        return f"anamnese {self.public_id}"


class AnamneseEvent(models.Model):
    """One change of an anamnese's status; written by the database itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    anamnese = models.ForeignKey(Anamnese, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=12, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
