"""Casemix model versions, and the profiles of clients in time."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from care.schema.facts import fact
from care.schema.models import Client, Organisation
from profiles.engine import ProfileKind as EngineKind
from profiles.schema.constants import EventKind
from profiles.schema.terms import TERM_COLUMNS, Terms
from questionnaires.schema.models import Anamnese


class ModelVersion(models.Model):
    """One version of the casemix model: points, thresholds, labels and codes. It never changes.

    In force from valid_from (always, where that is empty) until a successor's valid_from.
    """

    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    table = models.JSONField()
    ruleset_hash = models.CharField(max_length=64)
    valid_from = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="model_version_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class ProfileKind(models.TextChoices):
    """How a profile came about: from scores, or from one of the gate questions."""

    SCORED = EngineKind.SCORED.value, _("met scores")
    EXCEPTION = EngineKind.EXCEPTION.value, _("uitzondering")


class ProfileStatus(models.TextChoices):
    """Whether a profile counts; a replaced one stays, with an empty period."""

    STANDING = "standing", _("geldt")
    REPLACED = "replaced", _("vervangen door een correctie")


def _one_client() -> Func:
    # A range of one number stands for equality: the core of PostgreSQL has no GiST operators for bigint.
    return Func(F("client"), F("client"), Value("[]"), function="int8range")


@fact
class ClientProfile(models.Model):
    """The profile that follows from one finished anamnese, with its scores and the rules that made it.

    `period` is half-open. `scores` has the points by dimension of the model; an exception has none.
    `contributions` lists question, dimension, chosen options and points. The other columns are its `terms`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="profiles")
    anamnese = models.OneToOneField(Anamnese, on_delete=models.PROTECT, related_name="profile")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT)
    ruleset_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=ProfileKind)
    code = models.CharField(max_length=12)
    scores = models.JSONField(null=True)
    contributions = models.JSONField(default=list)
    lasts_days = models.PositiveSmallIntegerField(null=True)
    asks_after_months = models.PositiveSmallIntegerField(null=True)
    age_from = models.PositiveSmallIntegerField(null=True)
    age_below = models.PositiveSmallIntegerField(null=True)
    date = models.DateField()
    period = DateRangeField()
    status = models.CharField(max_length=10, choices=ProfileStatus, default=ProfileStatus.STANDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_profile_per_client_and_day",
                expressions=[(_one_client(), RangeOperators.OVERLAPS), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(kind=ProfileKind.SCORED, scores__isnull=False)
                | Q(kind=ProfileKind.EXCEPTION, scores__isnull=True),
                name="scores_go_with_the_kind",
            ),
            models.CheckConstraint(
                condition=Q(status=ProfileStatus.STANDING) | Q(period__isempty=True),
                name="a_replaced_profile_holds_on_no_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "client", "-date"], name="profile_newest_first")]

    def __str__(self) -> str:
        return f"profile {self.public_id}"

    @property
    def terms(self) -> Terms:
        """How long it may hold by itself, and for which ages."""
        return Terms(*(getattr(self, column) for column in TERM_COLUMNS))


class DerivationDifference(models.Model):
    """A profile that a tablet derived otherwise than the server, which counts. There should be none."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    profile = models.OneToOneField(ClientProfile, on_delete=models.PROTECT, related_name="difference")
    tablet_code = models.CharField(max_length=12)
    tablet_ruleset_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"], name="difference_newest_first")]

    def __str__(self) -> str:
        return f"difference at profile {self.profile_id}"


class ReassessmentEvent(models.Model):
    """Something that happened to a client on a day, and asks for a new anamnese of that day or later.

    A mistake is taken back, not wiped out.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="reassessment_events")
    kind = models.CharField(max_length=12, choices=EventKind)
    day = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_is_known"),
            models.UniqueConstraint(
                fields=["client", "kind", "day"],
                condition=Q(withdrawn_on__isnull=True),
                name="an_event_happens_once_a_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "client", "-day"], name="event_newest_first")]

    def __str__(self) -> str:
        return f"event {self.public_id}"


class DailySummary(models.Model):
    """That a person got the summary of a day by e-mail: once, however often the work is asked for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_summary_per_user_and_day")]

    def __str__(self) -> str:
        return f"summary of {self.day}"
