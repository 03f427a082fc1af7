"""Making a file, handing it over, and what came back: each a row of its own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from care.schema.fields import EncryptedTextField
from care.schema.models import Membership, Organisation
from declarations.schema.constants import Reason
from declarations.schema.delivery_constants import (
    OPEN_JOBS,
    OPEN_REPLIES,
    HandoverStep,
    JobPhase,
    JobState,
    MakingRefusal,
    ReplyKind,
    ReplyState,
    ReplyStatus,
)
from declarations.schema.tokens import ApiToken


class ExportJob(models.Model):
    """The wish of a person or a program that a file is made, and what became of it.

    Either `file`, with its profiles in it (`again`: without who may no longer go), or (no file) a separate
    one of all that waits for the addressee `uzovi` (0108), which is then `made`. `findings` lists what our
    own checker had against what was made: line, field, rule; never a value.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, null=True, related_name="export_jobs"
    )
    uzovi = models.CharField(max_length=4, blank=True, default="")
    made = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    again = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    refusal = models.CharField(max_length=16, choices=MakingRefusal, blank=True, default=MakingRefusal.NONE)
    refused_count = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    fault = models.CharField(max_length=60, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(state__in=OPEN_JOBS), name="one_open_export_job_per_file"
            ),
            models.UniqueConstraint(
                fields=["organisation", "uzovi"],
                condition=Q(state__in=OPEN_JOBS, file__isnull=True),
                name="one_open_separate_job_per_addressee",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="export_job_state_is_known"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, uzovi="", made__isnull=True)
                | (Q(file__isnull=True) & ~Q(uzovi="")),
                name="export_job_makes_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["file", "-id"], name="export_job_newest_first"),
            models.Index(
                fields=["organisation", "uzovi", "-id"],
                condition=Q(file__isnull=True),
                name="separate_job_newest_first",
            ),
            models.Index(
                fields=["organisation", "due_at"], condition=Q(state__in=OPEN_JOBS), name="export_job_open"
            ),
        ]

    def __str__(self) -> str:
        return f"export job {self.public_id}"


class Progress(models.Model):
    """How far a piece of long work is, for whoever watches: written beside the work's own transaction.

    `key` is the public id of a job, or the one that a page gave to its upload; `done`, `total` are records.
    No constraint to the organisation's row: what is told must never wait for the work it tells of.
    """

    key = models.UUIDField(unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    phase = models.CharField(max_length=10, choices=JobPhase)
    done = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    phase_began_at = models.DateTimeField()
    told_at = models.DateTimeField()


class EarlierExport(models.Model):
    """An earlier version of what was made of a file: kept, and fetched no more.

    `left_out`: the profile records that the next version has no more, as columns and values; so that it can
    be told what went, should this one turn out to have been delivered.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, related_name="earlier", db_index=False
    )
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    record_count = models.PositiveIntegerField()
    inserted_count = models.PositiveIntegerField()
    person_counts = models.JSONField()
    manifest = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "version"], name="earlier_version_once")]


class HandoverEvent(models.Model):
    """What happened to a version of a file that was made; by whom (nobody: a command, or the rounds).

    `count`: the persons who blocked it, or who were left out.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, related_name="handover_events"
    )
    version = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=10, choices=HandoverStep)
    count = models.PositiveIntegerField(default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class BlockedPerson(models.Model):
    """A person of whom the code in a version of a file may no longer go; no reason: it would be another."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, related_name="blocked", db_index=False
    )
    version = models.PositiveSmallIntegerField()
    attachment = models.ForeignKey(
        "declarations.Attachment", on_delete=models.PROTECT, related_name="blocked"
    )
    reason = models.CharField(max_length=24, choices=Reason, blank=True, default=Reason.NONE)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "version", "attachment"], name="blocked_once")]


class LastLook(models.Model):
    """What was written of facts when a made version was last looked at (matching.fact_stamps.Stamp).

    The next look is at whom something was written of since.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    file = models.OneToOneField(
        "declarations.DeclarationFile", on_delete=models.PROTECT, related_name="last_look"
    )
    version = models.PositiveSmallIntegerField()
    rules = models.BinaryField(max_length=8)
    buckets = models.BinaryField(max_length=8_192)


class Delivery(models.Model):
    """That a file was handed over to the insurer: on which moment, and who says so."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, related_name="deliveries"
    )
    delivered_at = models.DateTimeField()
    receipt = models.CharField(max_length=60, blank=True, help_text="number that the receiver gave")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)


class Reply(models.Model):
    """An insurer's answer as it was brought in. It counts from the moment that it is recorded.

    `content` is the list as it came; where the answer is about a whole `file`, `status` and `reason` say it.
    `shown` is what a look at it found, for the page: the first lines (reply_matching.as_shown), the counts
    beside it; `findings` the first of `finding_count` mistakes. `attempts`, `due_at` and `fault` are the
    worker's.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=5, choices=ReplyKind)
    file = models.ForeignKey(
        "declarations.DeclarationFile", on_delete=models.PROTECT, null=True, related_name="replies"
    )
    state = models.CharField(max_length=10, choices=ReplyState, default=ReplyState.PREPARED)
    content = EncryptedTextField(blank=True, default="")
    status = models.CharField(max_length=10, choices=ReplyStatus, blank=True, default="")
    reason = EncryptedTextField(blank=True, default="")
    shown = EncryptedTextField(blank=True, default="")
    accepted_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    outdated_count = models.PositiveIntegerField(default=0)
    others_count = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    finding_count = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="reply_newest_first"),
            models.Index(
                fields=["organisation", "due_at"], condition=Q(state__in=OPEN_REPLIES), name="reply_open"
            ),
        ]

    @property
    def line_count(self) -> int:
        """How many answers about records of ours a look at it found."""
        return self.accepted_count + self.rejected_count + self.known_count + self.outdated_count


class RecordReply(models.Model):
    """What the insurer said of one profile record; of several the last one counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False)
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="records")
    record = models.ForeignKey(
        "declarations.ProfileRecord", on_delete=models.PROTECT, related_name="replies", db_index=False
    )
    status = models.CharField(max_length=10, choices=ReplyStatus)
    reason = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "record"], name="one_answer_per_record")]
        indexes = [models.Index(fields=["record", "-id"], name="record_reply_newest_first")]
