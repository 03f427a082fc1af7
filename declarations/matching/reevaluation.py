"""Comparing what was decided with the facts as they are now. Nobody tells this app that a fact changed.

A fingerprint of the fact tables says cheaply whether anything was written at all. Only then the persons of
files that are still open are decided on again, and exported records are held against their profiles.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from care.tenancy import scope
from declarations.decisions.decision import Decision, Record
from declarations.decisions.facts import COLUMNS, Decided, Item, facts_about, fingerprint, items
from declarations.decisions.stored import detail_of
from declarations.matching import after_export, corrections, deduplication
from declarations.matching.queue import BATCH, FAULTS, free_file, open_file, put_back, write
from declarations.progress import file_locks
from declarations.schema.constants import HANDED_OVER, AttachmentKind, AttachmentState, FileState, Reason
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile

OPEN_STATES = (AttachmentState.HELD, AttachmentState.ATTACHED)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a second look at a row comes to: queue it again, or write another reason to hold it."""

    again: tuple[int, ...] = ()
    rewritten: tuple[Decided, ...] = ()


def compare_organisation(*, organisation_id: int) -> int:
    """Look at who is held and at what was sent, in files that saw other facts; return how many are queued.

    The many that are attached are left to compare_file() and to the export: until then nothing happens to
    them. A file that is being made is passed over, as are those of which a separate file is made, and looked
    at when that is done: nobody waits for it here.
    """
    today = timezone.localdate()
    with scope.organisation(organisation_id):
        stale = DeclarationFile.objects.exclude(state=FileState.WITHDRAWN)
        if not stale.exists():
            return 0
        facts = fingerprint(today)
        files = list(stale.exclude(facts_seen=facts).order_by("id").values_list("id", "state"))
    held: set[int] = set()
    if any(state == FileState.EXPORTED for _, state in files):
        ask_for_corrections(organisation_id=organisation_id)
        held = after_export.look_organisation(organisation_id=organisation_id, today=today)
        _settle(organisation_id)
    seen = {file_id: 0 for file_id, state in files if state != FileState.IMPORTED and file_id not in held}
    for file_id in (file_id for file_id, state in files if state == FileState.IMPORTED):
        again = _look_through(organisation_id, file_id, [AttachmentState.HELD], today, hold=free_file)
        if again is not None:
            seen[file_id] = again
    _note_seen(organisation_id, seen, facts_seen=facts)
    return sum(seen.values())


def _settle(organisation_id: int) -> None:
    """Let nobody wait of whom another file says the same and was handed over; not while one is made."""
    with scope.organisation(organisation_id), suppress(WrongStateError), file_locks.lock_timeout():
        deduplication.settle(after_export.waiting_apart(organisation_id))


def compare_file(*, organisation_id: int, file_id: int) -> int:
    """Look at everybody of one file, if facts changed; return how many persons are queued again."""
    today = timezone.localdate()
    with scope.organisation(organisation_id):
        facts = fingerprint(today)
        files = DeclarationFile.objects.exclude(facts_seen=facts, facts_attached=facts)
        file = files.filter(pk=file_id).first()
    if file is None:
        return 0
    if file.state == FileState.EXPORTED:
        _look_at_made(file, facts, today)
        return 0
    again = _look_through(organisation_id, file_id, OPEN_STATES, today, hold=open_file)
    _note_seen(organisation_id, [file_id], facts_seen=facts, facts_attached=facts)
    return again or 0


def _look_at_made(file: DeclarationFile, facts: str, today: date) -> None:
    """Look at one file that was made: who of it came too late, or was corrected, can go apart."""
    organisation_id = file.organisation_id
    ask_for_corrections(organisation_id=organisation_id)
    if after_export.look_file(organisation_id=organisation_id, file_id=file.pk, today=today):
        seen = {"facts_seen": facts}
        if file.handover in HANDED_OVER:
            seen["facts_attached"] = facts
        _note_seen(organisation_id, [file.pk], **seen)


def changed_since_attached(file: DeclarationFile) -> list[int]:
    """Return the attached persons of a file whose profile records would now be others, or none at all.

    For the last look before an export, inside its transaction. Costs nothing while no fact was written.
    """
    today = timezone.localdate()
    if fingerprint(today) == file.facts_attached:
        return []
    changed: list[int] = []
    after = 0
    while rows := _rows(file.pk, after, [AttachmentState.ATTACHED]):
        changed += _verdict(file.organisation_id, rows, today).again
        after = rows[-1].id
    return changed


def _note_seen(organisation_id: int, file_ids: Iterable[int], **seen: str) -> None:
    """Remember which facts were looked at: those from before the look, so that nothing slips in between.

    Where the making of a file began meanwhile, nothing is remembered: the next round looks once more.
    """
    with scope.organisation(organisation_id), suppress(WrongStateError), file_locks.lock_timeout():
        DeclarationFile.objects.filter(pk__in=list(file_ids)).update(**seen)


def _look_through(
    organisation_id: int,
    file_id: int,
    states: Sequence[str],
    today: date,
    *,
    hold: Callable[[int], DeclarationFile | None],
) -> int | None:
    """Look again at the persons of a file in these states, a batch and a transaction at a time.

    Return how many are queued again; None where the file could not be held to the end.
    """
    total, after = 0, 0
    while True:
        with scope.organisation(organisation_id):
            file = hold(file_id)
            if file is None:
                return None
            rows = _rows(file_id, after, states)
            if not rows:
                return total
            total += _act_on(file, rows, _verdict(organisation_id, rows, today))
        after = rows[-1].id


def _act_on(file: DeclarationFile, rows: Sequence[Item], verdict: _Verdict) -> int:
    """Carry a verdict out; return how many are queued again. Only the few rows that change are locked.

    Who was moved since by a worker or an officer is left alone.
    """
    wanted = {*verdict.again, *(decided.item.id for decided in verdict.rewritten)}
    if not wanted:
        return 0
    before = {row.id: row.state for row in rows}
    locked = Attachment.objects.filter(pk__in=wanted).order_by("id").select_for_update()
    same = {row_id for row_id, state in locked.values_list("id", "state") if before[row_id] == state}
    write(file, [decided for decided in verdict.rewritten if decided.item.id in same])
    return put_back([row_id for row_id in verdict.again if row_id in same])


def _rows(file_id: int, after: int, states: Sequence[str]) -> list[Item]:
    """Return the next rows of a file in order of id; the dead letter waits for an officer, not for facts."""
    rows = Attachment.objects.filter(
        file=file_id, kind=AttachmentKind.REGULAR, state__in=states, id__gt=after
    ).exclude(reason=Reason.TECHNICAL_ERROR)
    return items(rows.order_by("id").values_list(*COLUMNS)[:BATCH])


def _verdict(organisation_id: int, rows: Sequence[Item], today: date) -> _Verdict:
    facts = facts_about(organisation_id, rows, today=today)
    records = after_export.records_of([row.id for row in rows if row.state == AttachmentState.ATTACHED])
    again: list[int] = []
    rewritten: list[Decided] = []
    for row in rows:
        try:
            decided = facts.decide(row)
        except FAULTS:
            # The worker will meet the same fault, count the attempts, and say so.
            again.append(row.id)
            continue
        if _is_gone(row, decided.outcome, records.get(row.id, [])):
            again.append(row.id)
        elif row.state == AttachmentState.HELD and _says_other(row, decided.outcome):
            rewritten.append(decided)
    return _Verdict(tuple(again), tuple(rewritten))


def _is_gone(row: Item, outcome: Decision, records: Sequence[Record]) -> bool:
    """Tell whether the ground under a row's state has gone."""
    if row.state == AttachmentState.HELD:
        return outcome.state != AttachmentState.HELD
    return list(outcome.records) != list(records)


def _says_other(row: Item, outcome: Decision) -> bool:
    return row.reason != outcome.reason or row.detail != detail_of(outcome)


def ask_for_corrections(*, organisation_id: int) -> int:
    """Put a row beside every sent record that is no longer so; return how many are new."""
    with scope.organisation(organisation_id):
        return corrections.ask_for_changed()
