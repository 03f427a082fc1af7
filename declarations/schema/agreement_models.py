"""What was agreed with insurers: code tables, and how codes are delivered."""

import uuid

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from care.schema.facts import fact
from care.schema.models import Insurer, Organisation
from care.schema.periods import Dated
from declarations.schema.constants import (
    DeliveryMode,
)


class CodeTable(models.Model):
    """Which performance code (field 0417) stands for which profile in one code list (0416); never changes.

    Tables without an organisation are shipped examples. `codes` maps profile code to performance code.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    list_code = models.CharField(max_length=3)
    time_unit = models.CharField(max_length=2)
    codes = models.JSONField()
    is_example = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name", "version"], nulls_distinct=False, name="code_table_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@fact
class Agreement(Dated):
    """What an organisation agreed with an insurer about profile codes, in [valid_from, valid_until)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT)
    code_table = models.ForeignKey(CodeTable, on_delete=models.PROTECT)
    sending = models.BooleanField(default=False)
    delivery_form = models.CharField(max_length=10, choices=DeliveryMode, default=DeliveryMode.IN_FILE)
    recorded_at = models.DateTimeField(null=True, db_default=Now(), help_text="unknown of the first ones")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "insurer", "valid_from"], name="one_agreement_begins_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="agreement_ends_after_it_began",
            ),
        ]
