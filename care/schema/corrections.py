"""What was corrected of a client after it had been recorded: rows that the database itself writes.

However a fact is corrected (by form, by import, by a program, by hand), the row is written in the same
statement. What rests on a fact looks here for whom to look at again, and people read what it was before.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CorrectableFact(models.TextChoices):
    """Facts of a client on which profiles rest."""

    DATE_OF_BIRTH = "date_of_birth", _("geboortedatum")
    CARE = "care", _("zorgperiode")
    JOINED = "joined", _("dossiers samengevoegd")


class FactCorrection(models.Model):
    """One correction: what it was and what it became (a day, or a period as the database writes one)."""

    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT)
    client = models.ForeignKey("care.Client", on_delete=models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=16, choices=CorrectableFact)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fact__in=CorrectableFact.values), name="fact_is_known")
        ]
        indexes = [models.Index(fields=["client", "fact"], name="correction_by_client")]
