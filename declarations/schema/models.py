"""Declaration files, the queue of insured persons in them, and what insurers receive.

Amounts are not modelled: `control_total` is the file's own closing total as it is written there, to show.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from care.schema.fields import EncryptedTextField
from care.schema.models import Client, Insurer, Organisation
from declarations.schema.constants import (
    AttachmentKind,
    AttachmentState,
    BalanceKind,
    ChunkKind,
    DeliveryMode,
    FileKind,
    FileState,
    Handover,
    Reason,
)
from profiles.schema.models import ClientProfile


class DeclarationFile(models.Model):
    """One AW319 file as it came in, or one of profile records only that was made here beside such files.

    The field numbers are those of the message. A separate file has an export and no original, no items of
    its own, and no facts to look at.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    insurer = models.ForeignKey(Insurer, on_delete=models.PROTECT, null=True)
    uzovi = models.CharField(max_length=4, help_text="0108")
    kind = models.CharField(max_length=10, choices=FileKind, default=FileKind.RECEIVED)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.IMPORTED)
    handover = models.CharField(max_length=10, choices=Handover, blank=True, default=Handover.NONE)
    version = models.PositiveSmallIntegerField(default=1, help_text="which making of it counts")
    is_test = models.BooleanField(help_text="0105")
    invoice_number = models.CharField(max_length=12, help_text="0116")
    invoice_date = models.DateField(help_text="0117")
    period_first_day = models.DateField(help_text="0114")
    period_last_day = models.DateField(help_text="0115")
    control_total = models.CharField(max_length=12, help_text="9907 and 9908, as written")
    record_count = models.PositiveIntegerField()
    warning_count = models.PositiveIntegerField(default=0, help_text="of our checker, when it was read in")
    person_count = models.PositiveIntegerField()
    size = models.BigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    facts_seen = models.CharField(max_length=64, blank=True, help_text="when the held were looked at")
    facts_attached = models.CharField(
        max_length=64, blank=True, help_text="when the attached were, or what was made of them"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "invoice_number"],
                condition=Q(kind=FileKind.RECEIVED, is_test=False) & ~Q(state=FileState.WITHDRAWN),
                name="received_number_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=Q(kind=FileKind.RECEIVED) & ~Q(state=FileState.WITHDRAWN),
                name="received_bytes_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "invoice_number", "is_test"],
                condition=Q(kind=FileKind.SEPARATE) & ~Q(state=FileState.WITHDRAWN),
                name="separate_number_once",
            ),
            models.CheckConstraint(
                condition=Q(handover__in=Handover.values)
                & (
                    Q(state=FileState.EXPORTED) & ~Q(handover=Handover.NONE)
                    | ~Q(state=FileState.EXPORTED) & Q(handover=Handover.NONE)
                ),
                name="what_was_made_can_be_handed_over",
            ),
        ]
        indexes = [models.Index(fields=["insurer", "state"], name="file_by_addressee")]

    def __str__(self) -> str:
        return f"file {self.public_id}"

    @property
    def reference_key(self) -> str:
        """What identifies the file in the references (0431) of its records: a test file claims no number."""
        return f"{self.invoice_number} {self.sha256}" if self.is_test else self.invoice_number


class FileChunk(models.Model):
    """At most 1 MB of a file's content, encrypted; chunks in order of number make the content.

    What is made anew is another version; what came in has one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(DeclarationFile, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    kind = models.CharField(max_length=10, choices=ChunkKind)
    version = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind", "version", "number"], name="chunk_once")
        ]


class Attachment(models.Model):
    """One insured person (fields 0203 and 0204) of one file: an item of the queue.

    `performances` and `detail` are written and read by `declarations.decisions.stored`. `date_of_birth` is
    empty where the records of one person contradict each other, `bsn_hash` where the number is the standard's
    dummy.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(
        DeclarationFile, on_delete=models.PROTECT, related_name="attachments", db_index=False
    )
    kind = models.CharField(max_length=10, choices=AttachmentKind, default=AttachmentKind.REGULAR)
    number = models.PositiveIntegerField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="attachments")
    bsn_hash = models.BinaryField(max_length=32, null=True)
    uzovi = models.CharField(max_length=4)
    date_of_birth = models.DateField(null=True)
    first_line = models.PositiveIntegerField()
    placement_line = models.PositiveIntegerField()
    performer = models.CharField(max_length=8)
    performances = models.JSONField()
    told_deceased = models.BooleanField(default=False, db_default=False, help_text="0223")
    state = models.CharField(max_length=10, choices=AttachmentState, default=AttachmentState.QUEUED)
    reason = models.CharField(max_length=24, choices=Reason, blank=True, default=Reason.NONE)
    detail = models.JSONField(default=dict)
    attach_rest = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    corrects = models.ForeignKey(
        "ProfileRecord",
        on_delete=models.PROTECT,
        null=True,
        related_name="corrections",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind", "number"], name="one_item_per_insured_person"),
            models.UniqueConstraint(fields=["corrects"], name="one_correction_per_record"),
            models.CheckConstraint(condition=Q(state__in=AttachmentState.values), name="state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[AttachmentState.HELD, AttachmentState.EXCLUDED], reason__gt="")
                | ~Q(state__in=[AttachmentState.HELD, AttachmentState.EXCLUDED]),
                name="who_is_held_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["file", "state", "reason", "number"], name="item_by_state"),
            models.Index(
                fields=["file", "due_at"],
                condition=Q(state=AttachmentState.QUEUED),
                name="item_in_queue",
            ),
            models.Index(fields=["file"], condition=Q(told_deceased=True), name="item_told_deceased"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.public_id}"


class AttachmentEvent(models.Model):
    """One change of an item's state or reason; written by the database itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    reason = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)


class ProfileRecord(models.Model):
    """One extra 04 record: a profile over the days of the performances under it.

    One of form *separate* goes in a file of its own: `delivered_in`, as its line `delivered_line`, once it
    went. From then on it does not change.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    attachment = models.ForeignKey(
        Attachment, on_delete=models.CASCADE, related_name="records", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    profile = models.ForeignKey(ClientProfile, on_delete=models.PROTECT, related_name="records")
    first_day = models.DateField(help_text="0414")
    last_day = models.DateField(help_text="0415")
    list_code = models.CharField(max_length=3, help_text="0416")
    performance_code = models.CharField(max_length=5, help_text="0417")
    time_unit = models.CharField(max_length=2, help_text="0419")
    reference = models.CharField(max_length=20, help_text="0431")
    form = models.CharField(max_length=10, choices=DeliveryMode, default=DeliveryMode.IN_FILE)
    delivered_in = models.ForeignKey(
        DeclarationFile, on_delete=models.PROTECT, null=True, related_name="delivered", db_index=False
    )
    delivered_line = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="profile_record_once"),
            models.UniqueConstraint(fields=["delivered_in", "delivered_line"], name="one_record_per_line"),
            models.CheckConstraint(
                condition=Q(delivered_in__isnull=True, delivered_line__isnull=True)
                | Q(delivered_in__isnull=False, delivered_line__isnull=False, form=DeliveryMode.SEPARATE),
                name="only_separate_records_are_delivered_apart",
            ),
            models.UniqueConstraint(fields=["organisation", "reference"], name="reference_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="record_ends_after_it_began"
            ),
        ]


class Export(models.Model):
    """What was made of a file, and counts: later downloads give the same bytes.

    Made anew it is overwritten, once the earlier version is kept (`EarlierExport`); handed over, never.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file = models.OneToOneField(DeclarationFile, on_delete=models.PROTECT, related_name="export")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    record_count = models.PositiveIntegerField()
    inserted_count = models.PositiveIntegerField()
    person_counts = models.JSONField(help_text="insured persons per state at the time of export")
    manifest = models.JSONField(default=dict, help_text="declarations.delivery.manifest")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField(auto_now_add=True)


class Exclusion(models.Model):
    """That an officer left persons of a file out, and why; `text` is what was typed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file = models.ForeignKey(DeclarationFile, on_delete=models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=24, choices=Reason, help_text="for which they were held")
    text = EncryptedTextField()
    numbers = ArrayField(models.PositiveIntegerField(), help_text="of the persons in the file")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)


class BalanceNote(models.Model):
    """What the nightly count found of a file, where it was not what it found before; equal: it is gone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file = models.ForeignKey(DeclarationFile, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=8, choices=BalanceKind)
    expected = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["file", "kind", "-id"], name="balance_note_newest_first")]
