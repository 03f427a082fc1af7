"""Reading declaration files and the queue; the only place where they are narrowed to an organisation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404
from django.utils.translation import gettext as _

from care.schema.models import Client, Membership
from declarations.schema.constants import (
    HELD_AFTER_GOING,
    AttachmentKind,
    AttachmentState,
    FileKind,
    FileState,
    Reason,
)
from declarations.schema.delivery_models import ExportJob
from declarations.schema.models import Attachment, AttachmentEvent, DeclarationFile, Export, ProfileRecord

_FILE_NAME = re.compile(r"(?:proef-)?\d{8}-(?P<number>.+?)(?:(?:-met)?-profielen)?(?:\.txt)?")
DECIDED = (
    AttachmentState.ATTACHED,
    AttachmentState.EXPORTED,
    AttachmentState.ACCEPTED,
    AttachmentState.REJECTED,
)
# A correction that went, or that need not go any more, is due no longer.
SETTLED = (
    AttachmentState.EXPORTED,
    AttachmentState.ACCEPTED,
    AttachmentState.REJECTED,
    AttachmentState.EXCLUDED,
)


@dataclass(frozen=True, slots=True)
class QueueBalance:
    """How the insured persons of a file are spread over the states; corrections are counted beside them."""

    persons: int
    queued: int = 0
    attached: int = 0
    held: int = 0
    excluded: int = 0
    exported: int = 0
    accepted: int = 0
    rejected: int = 0
    corrections: int = 0

    @property
    def attached_or_later(self) -> int:
        """Persons with a profile in the file, whatever happened to it since."""
        return self.attached + self.exported + self.accepted + self.rejected

    @property
    def decided(self) -> int:
        """Persons that are no longer in the queue."""
        return self.persons - self.queued

    @property
    def is_even(self) -> bool:
        """True when every insured person is in exactly one of the four heaps."""
        return self.queued + self.attached_or_later + self.held + self.excluded == self.persons


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The persons of a file in one state for one reason: how many, and since when the oldest is in it.

    Corrections are counted apart from persons.
    """

    kind: AttachmentKind
    state: AttachmentState
    reason: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """What still holds persons back of a file that went, and how many; `reason` is that of their group."""

    kind: AttachmentKind
    reason: str
    cause: Reason
    count: int


@dataclass(frozen=True, slots=True)
class FileOverview:
    """A file in a list, with how its persons stand."""

    file: DeclarationFile
    balance: QueueBalance


def organisation_of_file(public_id: UUID) -> int | None:
    """Return whose file this is, for commands and tasks: they have no scope before they know."""
    with connection.cursor() as cursor:
        cursor.execute("select organisation_of_file(%s)", [public_id])
        found: int | None = cursor.fetchone()[0]
    return found


def files_of(membership: Membership) -> QuerySet[DeclarationFile]:
    """Return the files of a membership's organisation, newest first."""
    return DeclarationFile.objects.filter(organisation=membership.organisation_id).order_by("-id")


def files_matching(
    files: QuerySet[DeclarationFile], *, text: str, first: date | None, last: date | None
) -> QuerySet[DeclarationFile]:
    """Return files by invoice number, file name or insurer, and with care in a period (last day included).

    Of a name (see outgoing.addressed) the part that follows from the invoice number is looked for.
    """
    words = text.strip().casefold()
    if words:
        name = _FILE_NAME.fullmatch(words)
        number = name["number"] if name else words
        parts = re.findall(r"[0-9a-z]+", number)
        by_number = Q(invoice_number__icontains=number)
        if parts:
            by_number |= Q(invoice_number__iregex=r"[^0-9a-z]+".join(parts))
        files = files.filter(by_number | Q(insurer__name__icontains=words) | Q(uzovi=words))
    if first:
        files = files.filter(period_last_day__gte=first)
    return files.filter(period_first_day__lte=last) if last else files


def file_for(membership: Membership, public_id: UUID) -> DeclarationFile:
    """Return one file. Raises Http404 for another organisation's."""
    files = files_of(membership).select_related("organisation", "insurer", "uploaded_by")
    file = files.filter(public_id=public_id).first()
    if file is None:
        raise Http404(_("Dit bestand bestaat niet in jouw organisatie."))
    return file


def separate_job_for(membership: Membership, public_id: UUID) -> ExportJob:
    """Return one wish for a separate file, with what was made. Raises Http404 for another organisation's."""
    jobs = ExportJob.objects.filter(organisation=membership.organisation_id, file__isnull=True)
    job = jobs.select_related("made").filter(public_id=public_id).first()
    if job is None:
        raise Http404(_("Dit verzoek om een apart bestand bestaat niet in jouw organisatie."))
    return job


def made_apart_since(job: ExportJob) -> DeclarationFile | None:
    """Return the last separate file to the addressee of a wish that was made after it."""
    made = separates_made(organisation_id=job.organisation_id, uzovi=job.uzovi, since=job.asked_at)
    return made.order_by("-id").first()


def separates_made(
    *, organisation_id: int, uzovi: str | OuterRef, since: datetime | OuterRef
) -> QuerySet[DeclarationFile]:
    """Return the separate files to an addressee (0108) that were made since a moment; no test files."""
    return DeclarationFile.objects.filter(
        organisation=organisation_id,
        kind=FileKind.SEPARATE,
        is_test=False,
        uzovi=uzovi,
        export__made_at__gte=since,
    )


def item_for(membership: Membership, public_id: UUID) -> Attachment:
    """Return one person of a file, with file and client. Raises Http404 for another organisation's."""
    items = Attachment.objects.filter(organisation=membership.organisation_id, public_id=public_id)
    item = items.select_related("file", "client", "client__team", "corrects__attachment").first()
    if item is None:
        raise Http404(_("Deze regel bestaat niet in een bestand van jouw organisatie."))
    return item


def balance(file: DeclarationFile) -> QueueBalance:
    """Return how the persons of a file are spread over the states."""
    if file.kind == FileKind.SEPARATE:
        return _balance_at_export(file)
    return balances([file])[file.pk]


def balances(files: Iterable[DeclarationFile]) -> dict[int, QueueBalance]:
    """Return the balance of each file by id, in one query."""
    by_id = {file.pk: file for file in files}
    rows = (
        Attachment.objects.filter(file__in=by_id)
        .exclude(kind=AttachmentKind.CORRECTION, state__in=SETTLED)
        .values_list("file_id", "kind", "state")
        .annotate(count=Count("id"))
        .order_by("file_id", "kind", "state")
    )
    counts: dict[int, dict[str, int]] = {file_id: {} for file_id in by_id}
    for file_id, kind, state, count in rows:
        name = "corrections" if kind == AttachmentKind.CORRECTION else state
        counts[file_id][name] = counts[file_id].get(name, 0) + count
    return {file_id: _balance(file, counts[file_id]) for file_id, file in by_id.items()}


def _balance(file: DeclarationFile, counts: Mapping[str, int]) -> QueueBalance:
    return QueueBalance(persons=file.person_count, **counts)


def overviews(files: Iterable[DeclarationFile]) -> list[FileOverview]:
    """Return files with their balance; what was exported is not counted again but read from the export."""
    listed = list(files)
    counted = balances(file for file in listed if file.state == FileState.IMPORTED)
    return [FileOverview(file, counted.get(file.pk) or _balance_at_export(file)) for file in listed]


def _balance_at_export(file: DeclarationFile) -> QueueBalance:
    if file.state == FileState.EXPORTED:
        return _balance(file, file.export.person_counts)
    return QueueBalance(persons=file.person_count)


def groups(file: DeclarationFile) -> list[ReasonGroup]:
    """Return the persons of a file per state and reason; corrections are a group of their own."""
    rows = (
        Attachment.objects.filter(file=file)
        .values_list("kind", "state", "reason")
        .annotate(count=Count("id"), oldest=Min("changed_at"))
        .order_by("state", "reason", "kind")
    )
    return [ReasonGroup(AttachmentKind(kind), AttachmentState(state), *rest) for kind, state, *rest in rows]


def causes(file: DeclarationFile) -> list[Cause]:
    """Return what still holds back who is held of a file that went, the most persons first."""
    rows = (
        Attachment.objects.filter(file=file, state=AttachmentState.HELD, reason__in=HELD_AFTER_GOING)
        .values_list("kind", "reason", KeyTextTransform("before", "detail"))
        .annotate(count=Count("id"))
        .order_by("-count", "reason")
    )
    return [
        Cause(AttachmentKind(kind), reason, Reason(before), count)
        for kind, reason, before, count in rows
        if before
    ]


def events_of(item: Attachment) -> QuerySet[AttachmentEvent]:
    """Return what happened to a person of a file, oldest first."""
    return AttachmentEvent.objects.filter(attachment=item).select_related("user").order_by("id")


def records_of(item: Attachment) -> QuerySet[ProfileRecord]:
    """Return the profile records of a person, with their profiles."""
    return ProfileRecord.objects.filter(attachment=item).select_related("profile").order_by("number")


def export_of(file: DeclarationFile) -> Export | None:
    """Return what was made of a file, if anything was."""
    return Export.objects.filter(file=file).select_related("made_by").first()


def held_for(file: DeclarationFile, reason: str) -> QuerySet[Attachment]:
    """Return the persons of a file who are held for one reason."""
    return Attachment.objects.filter(
        file=file, kind=AttachmentKind.REGULAR, state=AttachmentState.HELD, reason=reason
    )


def oldest_waiting(membership: Membership) -> datetime | None:
    """Return since when the longest waiting person of an open file waits for somebody."""
    waiting = Attachment.objects.filter(
        Q(state=AttachmentState.HELD) | Q(state=AttachmentState.QUEUED),
        organisation=membership.organisation_id,
        file__state=FileState.IMPORTED,
    )
    oldest: datetime | None = waiting.aggregate(oldest=Min("changed_at"))["oldest"]
    return oldest


def clients_among(items: Iterable[Attachment]) -> list[Client]:
    """Return the clients that are shown with these rows, for the access log."""
    return [item.client for item in items if item.client is not None]
