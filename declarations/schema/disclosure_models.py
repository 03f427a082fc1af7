"""What was shown or given to an insurer: figures that were released, and files that were fetched."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from care.schema.models import Insurer, Membership, Organisation
from declarations.schema.constants import (
    DownloadKind,
)
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken


class PopulationRelease(models.Model):
    """Figures over an insurer's insured that an organisation released; small numbers are gone already.

    `cells` lists profile code and count (none where it is hidden). The name of the organisation is that of
    the moment of release. What is shown as total is `shown_total`: older releases have a `total` beside
    hidden counts.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    organisation_name = models.CharField(max_length=120)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT)
    reference_day = models.DateField()
    threshold = models.PositiveSmallIntegerField()
    cells = models.JSONField()
    total = models.PositiveIntegerField(null=True)
    model_version = models.CharField(max_length=60)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    released_at = models.DateTimeField(auto_now_add=True)

    @property
    def shown_total(self) -> int | None:
        """The total where no count is hidden."""
        return None if any(cell["count"] is None for cell in self.cells) else self.total


class Download(models.Model):
    """A person, or a system with a token, took a file or figures away; shown to where they came from."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=12, choices=DownloadKind)
    version = models.PositiveSmallIntegerField(default=1, help_text="of the file that was made")
    file = models.ForeignKey(DeclarationFile, on_delete=models.PROTECT, null=True, related_name="downloads")
    release = models.ForeignKey(
        PopulationRelease, on_delete=models.PROTECT, null=True, related_name="downloads"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True)
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, membership__isnull=False, token__isnull=True)
                | Q(user__isnull=True, membership__isnull=True, token__isnull=False),
                name="download_by_person_or_token",
            )
        ]
