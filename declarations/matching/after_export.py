"""Who was held when a file went, and corrections: looked at again, and made ready for a separate file.

The row stays with the file in which the care was declared; only its record goes elsewhere. Until it has gone
it can still be taken back, as when the client objects.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from care.tenancy import scope
from declarations.decisions.decision import Decision, Record, as_correction
from declarations.decisions.facts import COLUMNS, Decided, Item, facts_about, items
from declarations.decisions.stored import detail_of
from declarations.matching.queue import BATCH, FAULTS, write
from declarations.progress import file_locks
from declarations.progress.progress_channel import ProgressReporter
from declarations.schema.constants import (
    HELD_AFTER_GOING,
    AttachmentKind,
    AttachmentState,
    DeliveryMode,
    FileKind,
    FileState,
    Reason,
)
from declarations.schema.delivery_constants import JobPhase
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord

# What was not sent with care of more than a year ago tells nobody anything about now.
LONGEST_LATE = timedelta(days=400)
WAITS_APART = Q(state=AttachmentState.HELD, reason__in=HELD_AFTER_GOING) | Q(state=AttachmentState.ATTACHED)
COMPARED = (
    "number",
    "profile_id",
    "first_day",
    "last_day",
    "list_code",
    "performance_code",
    "time_unit",
    "form",
)

log = logging.getLogger(__name__)


def look_organisation(*, organisation_id: int, today: date) -> set[int]:
    """Look at who came too late in every file that went; return the files that somebody held: see look_file.

    A scope and a transaction per batch; a file at fault is passed over and logged. Test files go nowhere, so
    nobody is late for one.
    """
    with scope.organisation(organisation_id):
        files = list(files_of(organisation_id).values_list("id", "public_id"))
    held = set()
    for file_id, public_id in files:
        try:
            if not look_file(organisation_id=organisation_id, file_id=file_id, today=today):
                held.add(file_id)
        except FAULTS as fault:
            log.warning("late_failed file=%s fault=%s", public_id, type(fault).__name__)
    return held


def not_too_old(file: str = "") -> Q:
    """Return the condition that a file was made not too long ago; `file` is the way to it, as `x__file__`."""
    return Q(**{f"{file}export__made_at__gte": timezone.now() - LONGEST_LATE})


def is_too_old(file: DeclarationFile) -> bool:
    """Tell whether a file that went was made too long ago for anything of it to go yet."""
    return file.export.made_at < timezone.now() - LONGEST_LATE


def is_over(file: DeclarationFile) -> bool:
    """Tell whether a file went, and nothing of it goes to the insurer any more: a test, or too long ago."""
    return file.state == FileState.EXPORTED and (file.is_test or is_too_old(file))


def files_of(organisation_id: int) -> QuerySet[DeclarationFile]:
    """Return the files that went not too long ago, and for which somebody came too late."""
    late = Attachment.objects.filter(WAITS_APART)
    return (
        DeclarationFile.objects.filter(
            not_too_old(),
            organisation=organisation_id,
            kind=FileKind.RECEIVED,
            state=FileState.EXPORTED,
            is_test=False,
            pk__in=late.values("file"),
        )
        .select_related("organisation")
        .order_by("id")
    )


def look_file(*, organisation_id: int, file_id: int, today: date) -> bool:
    """Look at who came too late for one file that went, to the end; False where somebody holds any of them.

    Whoever makes a separate file does, for minutes; nobody waits for that here, but looks once more later.
    """
    after: int | None = 0
    try:
        while after is not None:
            with scope.organisation(organisation_id):
                after = _look_on(organisation_id, file_id, after, today)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


def _look_on(organisation_id: int, file_id: int, after: int, today: date) -> int | None:
    """Look at the next rows of a file; return the last of them, None when there are no more."""
    file = files_of(organisation_id).filter(pk=file_id).first()
    rows = _locked(file, after, nowait=True) if file else []
    if file is None or not rows:
        return None
    look_at(file, rows, today)
    return rows[-1].id


def attach_rest(item: Attachment, *, today: date) -> bool:
    """Leave out what has no profile of a person whose file went; tell whether it waited for that."""
    waits = Attachment.objects.filter(
        pk=item.pk,
        state=AttachmentState.HELD,
        reason__in=HELD_AFTER_GOING,
        detail__before=Reason.NO_VALID_PROFILE,
        file__in=files_of(item.organisation_id),
    )
    with file_locks.lock_timeout():
        if not waits.update(attach_rest=True):
            return False
    rows = Attachment.objects.filter(pk=item.pk).select_for_update(of=("self",))
    look_at(item.file, items(rows.values_list(*COLUMNS)), today)
    return True


def look_again(files: QuerySet[DeclarationFile], *, today: date, watcher: ProgressReporter) -> None:
    """Take back what no longer holds of files that went, within the transaction at hand."""
    watcher.begin(JobPhase.LOOKING, Attachment.objects.filter(WAITS_APART, file__in=files.order_by()).count())
    for file in files:
        after = 0
        while rows := _locked(file, after):
            look_at(file, rows, today)
            watcher.add(len(rows))
            after = rows[-1].id


def _locked(file: DeclarationFile, after: int, *, nowait: bool = False) -> list[Item]:
    """Return the next rows that wait, in order of id; one batch holds them until its transaction ends."""
    rows = Attachment.objects.filter(WAITS_APART, file=file, id__gt=after)
    locked = rows.order_by("id").select_for_update(nowait=nowait, of=("self",))
    return items(locked.values_list(*COLUMNS)[:BATCH])


def look_at_all(file: DeclarationFile, persons: Sequence[int], today: date) -> None:
    """Decide anew on these persons (rows) of a file that went, within the transaction at hand."""
    for at in range(0, len(persons), BATCH):
        rows = Attachment.objects.filter(pk__in=persons[at : at + BATCH]).order_by("id")
        look_at(file, items(rows.select_for_update(of=("self",)).values_list(*COLUMNS)), today)


def look_at(file: DeclarationFile, rows: Sequence[Item], today: date) -> int:
    """Decide anew on rows that the transaction at hand has locked; return how many changed.

    What cannot be decided on does not go: it is held, and looked at again.
    """
    facts = facts_about(file.organisation_id, rows, today=today)
    records = records_of([row.id for row in rows if row.state == AttachmentState.ATTACHED])
    changed: list[Decided] = []
    for row in rows:
        try:
            decided = facts.decide(row, is_late=True)
        except FAULTS as fault:
            log.warning("late_failed file=%s fault=%s", file.public_id, type(fault).__name__)
            if row.state == AttachmentState.HELD:
                continue
            decided = Decided(row, row.client_id, _undecided(row.kind))
        if _differs(row, decided, records.get(row.id, [])):
            changed.append(decided)
    ProfileRecord.objects.filter(attachment__in=[decided.item.id for decided in changed]).delete()
    write(file, changed)
    return len(changed)


def _undecided(kind: str) -> Decision:
    """Return the outcome of somebody who came too late and could not be decided on."""
    held = Decision(AttachmentState.HELD, Reason.TOO_LATE, before=Reason.TECHNICAL_ERROR)
    return as_correction(held) if kind == AttachmentKind.CORRECTION else held


def _differs(row: Item, decided: Decided, records: Sequence[Record]) -> bool:
    outcome = decided.outcome
    if (row.state, row.reason) != (outcome.state, outcome.reason):
        return True
    if row.state == AttachmentState.ATTACHED:
        return list(outcome.records) != list(records)
    return row.detail != detail_of(outcome)


def records_of(attachment_ids: Sequence[int]) -> dict[int, list[Record]]:
    """Return the profile records as they were decided, by attachment and in order of number."""
    found: dict[int, list[Record]] = {}
    rows = ProfileRecord.objects.filter(attachment__in=attachment_ids).order_by("attachment", "number")
    for attachment_id, *values in rows.values_list("attachment_id", *COMPARED):
        found.setdefault(attachment_id, []).append(Record(*values))
    return found


def waiting_apart(organisation_id: int) -> QuerySet[ProfileRecord]:
    """Return what came too late and waits for a separate file, to whomever; nothing of test files."""
    return ProfileRecord.objects.filter(
        not_too_old("attachment__file__"),
        organisation=organisation_id,
        form=DeliveryMode.SEPARATE,
        delivered_in__isnull=True,
        attachment__state=AttachmentState.ATTACHED,
        attachment__file__state=FileState.EXPORTED,
        attachment__file__is_test=False,
    )
