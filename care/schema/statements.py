"""What must hold for a code to go: legal bases, consent, objection."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from care.schema.constants import BasisKind
from care.schema.facts import fact
from care.schema.models import Client, Insurer, Organisation
from care.schema.periods import Dated


@fact
class LegalBasis(Dated):
    """Why an organisation may hand profile codes to an insurer in a period [valid_from, valid_until).

    One of kind *consent* says how clients are asked. It covers nobody by itself: each client's consent does.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=BasisKind, default=BasisKind.CONTRACT)
    reference = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "insurer", "reference", "valid_from"], name="legal_basis_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=BasisKind.values), name="basis_kind_is_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="basis_ends_after_it_began",
            ),
        ]


@fact
class Consent(models.Model):
    """Explicit consent of a client to hand the profile code to one insurer; it can be withdrawn."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "insurer"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_standing_consent",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
            ),
        ]


@fact
class Objection(models.Model):
    """A client's objection to handing the profile code to any insurer; it can be taken back."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="objections")
    made_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(withdrawn_on__isnull=True), name="one_standing_objection"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("made_on")),
                name="objection_withdrawn_after_made",
            ),
        ]
