"""That one insurer receives for another: one concern, or a mandate."""

import uuid

from django.db import models
from django.db.models import F, Q

from care.schema.facts import fact
from care.schema.periods import Dated


@fact
class Receiver(Dated):
    """That files addressed (0108) to one insurer may hold codes of people insured (0204) with another.

    It counts for care on days in [valid_from, valid_until).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT)
    addressee = models.ForeignKey("care.Insurer", on_delete=models.PROTECT, related_name="+")
    insurer = models.ForeignKey("care.Insurer", on_delete=models.PROTECT, related_name="receivers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "addressee", "insurer", "valid_from"], name="receiver_once"
            ),
            models.CheckConstraint(condition=~Q(addressee=F("insurer")), name="receiver_is_another"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="receiver_ends_after_it_began",
            ),
        ]
