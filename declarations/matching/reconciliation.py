"""Watching over the queue, unasked: does every file add up, and does nobody wait too long?"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from care.schema.crypto import UnreadableValueError
from care.schema.models import Membership
from care.tenancy import scope
from declarations import aw319
from declarations.aw319.layout import FIELDS
from declarations.schema.constants import (
    GONE,
    AttachmentKind,
    AttachmentState,
    BalanceKind,
    ChunkKind,
    DeliveryMode,
    FileKind,
    FileState,
)
from declarations.schema.exceptions import BrokenFileError
from declarations.schema.models import Attachment, BalanceNote, DeclarationFile, ProfileRecord
from declarations.storage import chunks

_PERFORMANCE: Final = b"04"
_REFERENCE: Final = FIELDS["0431"]
_WRITTEN: Final = tuple(FIELDS[number] for number in ("0414", "0415", "0416", "0417", "0419"))

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sum:
    """What was counted of one file: how many there must be, and how many are right."""

    kind: BalanceKind
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class OverdueQueue:
    """Persons stand in the queue for too long: since when the first does, and how many queued there are."""

    oldest: datetime
    count: int


def note_balances(*, organisation_id: int) -> int:
    """Count every file of an organisation, note what changed since the last count; return what is off now.

    A scope and a transaction per file. A difference is noted once, and once more when it is other or gone.
    """
    with scope.organisation(organisation_id):
        files = list(DeclarationFile.objects.order_by("id").values_list("id", flat=True))
    return sum(_note_file(organisation_id, file_id) for file_id in files)


def _note_file(organisation_id: int, file_id: int) -> int:
    with scope.organisation(organisation_id):
        file = DeclarationFile.objects.get(pk=file_id)
        sums = [] if file.kind == FileKind.SEPARATE else [_persons(file)]
        if file.state == FileState.EXPORTED:
            sums.append(_records(file))
        _note(file, sums)
    return sum(one.expected != one.found for one in sums)


def _persons(file: DeclarationFile) -> Sum:
    """Count the regular rows, whatever their state, and the numbers of the file that have one."""
    in_file = Q(number__gte=1, number__lte=F("file__person_count"))
    counted = Attachment.objects.filter(file=file, kind=AttachmentKind.REGULAR).aggregate(
        rows=Count("id"), persons=Count("id", filter=in_file)
    )
    return _sum(BalanceKind.PERSONS, file.person_count, counted["rows"], counted["persons"])


def _records(file: DeclarationFile) -> Sum:
    """Count the profile records that are stored, and those that stand just so in the file that was made."""
    expected = file.export.inserted_count
    stored = _stored_records(file)
    number = len(stored)
    try:
        same = _count_same(stored, aw319.read(chunks.read(file, ChunkKind.EXPORT)))
    except (BrokenFileError, UnreadableValueError) as fault:
        log.exception("export_unreadable file=%s fault=%s", file.public_id, type(fault).__name__)
        same = 0
    return _sum(BalanceKind.RECORDS, expected, number, same)


def _sum(kind: BalanceKind, expected: int, *found: int) -> Sum:
    """Return the first number that is not as expected, or else the expected one."""
    return Sum(kind, expected, next((number for number in found if number != expected), expected))


def _stored_records(file: DeclarationFile) -> dict[bytes, tuple[bytes, ...]]:
    """Return the records of what was sent as they must be written, by reference number."""
    inside = Q(attachment__file=file, attachment__kind=AttachmentKind.REGULAR, form=DeliveryMode.IN_FILE)
    here = Q(delivered_in=file) if file.kind == FileKind.SEPARATE else inside
    records = ProfileRecord.objects.filter(here, attachment__state__in=GONE)
    columns = ("reference", "first_day", "last_day", "list_code", "performance_code", "time_unit")
    return {_bytes(reference): tuple(map(_bytes, rest)) for reference, *rest in records.values_list(*columns)}


def _bytes(value: str | date) -> bytes:
    text = f"{value:%Y%m%d}" if isinstance(value, date) else value
    return text.encode("ascii")


def _count_same(stored: dict[bytes, tuple[bytes, ...]], lines: Iterable[bytes]) -> int:
    seen: set[bytes] = set()
    for line in lines:
        if not line.startswith(_PERFORMANCE):
            continue
        reference = _REFERENCE.of(line).strip()
        if stored.get(reference) == tuple(field.of(line).strip() for field in _WRITTEN):
            seen.add(reference)
    return len(seen)


def _note(file: DeclarationFile, sums: Iterable[Sum]) -> None:
    for one in sums:
        last = BalanceNote.objects.filter(file=file, kind=one.kind).order_by("-id").first()
        if one == (Sum(one.kind, last.expected, last.found) if last else _even(one)):
            continue
        BalanceNote.objects.create(
            organisation_id=file.organisation_id,
            file=file,
            kind=one.kind,
            expected=one.expected,
            found=one.found,
        )
    for one in sums:
        if one.expected != one.found:
            log.error(
                "balance_off file=%s kind=%s expected=%d found=%d",
                file.public_id,
                one.kind,
                one.expected,
                one.found,
            )


def _even(one: Sum) -> Sum:
    return Sum(one.kind, one.expected, one.expected)


def differences(membership: Membership) -> list[BalanceNote]:
    """Return what did not add up at the last count of each file of a membership's organisation."""
    latest = (
        BalanceNote.objects.filter(organisation=membership.organisation_id)
        .order_by("file_id", "kind", "-id")
        .distinct("file_id", "kind")
        .select_related("file")
    )
    return [note for note in latest if note.expected != note.found]


def waiting_too_long(organisation_id: int) -> OverdueQueue | None:
    """Return how long the queue of an organisation stands still; None while nobody waits too long.

    Too long is more than QUEUE_ALARM_MINUTES. To be asked inside a scope.
    """
    queued = Attachment.objects.filter(
        organisation=organisation_id,
        kind=AttachmentKind.REGULAR,
        state=AttachmentState.QUEUED,
        file__state=FileState.IMPORTED,
    ).aggregate(oldest=Min("changed_at"), count=Count("id"))
    limit = timezone.now() - timedelta(minutes=settings.QUEUE_ALARM_MINUTES)
    if queued["oldest"] is None or queued["oldest"] >= limit:
        return None
    return OverdueQueue(queued["oldest"], queued["count"])


def log_waiting(*, organisation_id: int) -> None:
    """Log that somebody of an organisation waits in the queue for too long."""
    with scope.organisation(organisation_id):
        waiting = waiting_too_long(organisation_id)
    if waiting is not None:
        minutes = (timezone.now() - waiting.oldest) // timedelta(minutes=1)
        log.error("queue_waits organisation=%s minutes=%d count=%d", organisation_id, minutes, waiting.count)
