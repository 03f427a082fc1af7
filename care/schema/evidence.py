"""What proves a legal basis: a file that is kept here, or where it lies. Never changed, never removed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from care.schema.fields import EncryptedTextField


class Evidence(models.Model):
    """A piece of evidence for a basis: a file with its own `name`, or a `location` where it lies."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT)
    basis = models.ForeignKey("care.LegalBasis", on_delete=models.PROTECT, related_name="evidence")
    name = EncryptedTextField(blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    location = EncryptedTextField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(size=0) & Q(sha256="")) | (Q(size__gt=0) & Q(sha256__gt="")),
                name="evidence_is_a_file_or_a_place",
            )
        ]


class EvidenceChunk(models.Model):
    """Less than a megabyte of a file, encrypted; chunks in order of number make the file."""

    organisation = models.ForeignKey("care.Organisation", on_delete=models.PROTECT, db_index=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_chunk_once")]
