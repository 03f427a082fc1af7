"""Working off the queue: claim a batch, decide, write what came of it, all in one transaction.

The table is the queue. A worker that is killed loses its transaction and nothing else; a row that another
worker holds is passed over. A batch that fails is done again item by item, and an item that fails ATTEMPTS
times is held as a technical error until an officer sends it round again.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import (
    DataError,
    IntegrityError,
    InternalError,
    NotSupportedError,
    ProgrammingError,
    connection,
)
from django.utils import timezone

from care.backoff import pause_after
from care.clients.deaths import ask_whether_died
from care.registries.domain_events import publish
from care.schema.crypto import UnreadableValueError
from care.tenancy import scope
from declarations.decisions.facts import COLUMNS, Decided, Item, facts_about, items
from declarations.decisions.stored import Detail, detail_of, detail_to_json
from declarations.matching.record_references import in_file, references_of
from declarations.schema.constants import AttachmentKind, AttachmentState, FileState, Reason
from declarations.schema.domain_events import PersonsLeftQueue
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord

BATCH = 500
ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=2)
# What an item can do wrong. A lost connection is none of these: the task simply starts again.
FAULTS = (
    ArithmeticError,
    AttributeError,
    DataError,
    IntegrityError,
    InternalError,
    LookupError,
    NotSupportedError,
    ProgrammingError,
    TypeError,
    UnreadableValueError,
    ValueError,
)
WRITE_OUTCOMES = """
    UPDATE declarations_attachment AS item
    SET state = new.state, reason = new.reason, detail = new.detail, client_id = new.client_id,
        attempts = 0, changed_at = %s
    FROM json_to_recordset(%s) AS new (id bigint, state text, reason text, detail jsonb, client_id bigint)
    WHERE item.id = new.id
"""
WRITE_RECORDS = """
    INSERT INTO declarations_profilerecord (
        organisation_id, attachment_id, number, profile_id, first_day, last_day, list_code,
        performance_code, time_unit, form, reference
    )
    SELECT %s, attachment_id, number, profile_id, first_day, last_day, list_code, performance_code,
        time_unit, form, reference
    FROM json_to_recordset(%s) AS record (
        attachment_id bigint, number smallint, profile_id bigint, first_day date, last_day date,
        list_code text, performance_code text, time_unit text, form text, reference text
    )
"""
HOLD_FILE = "select 1 from declarations_declarationfile where id = %s for share"
DROP_RECORDS = """
    DELETE FROM declarations_profilerecord
    WHERE attachment_id IN (SELECT id FROM declarations_attachment WHERE file_id = %s)
"""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Claim:
    """What a batch took hold of, for the case that it fails."""

    ids: Sequence[int] = ()


def work_batch(*, organisation_id: int, file_id: int) -> int:
    """Decide on at most BATCH persons of a file that are due; return how many (0: none to be had now)."""
    claim = _Claim()
    try:
        with scope.organisation(organisation_id):
            return _work(file_id, claim, limit=BATCH)
    except FAULTS as fault:
        public_id = _public_id(organisation_id, file_id)
        log.warning("attach_batch_failed file=%s fault=%s", public_id, type(fault).__name__)
        if not claim.ids:
            raise
    for item_id in claim.ids:
        _work_alone(organisation_id, file_id, item_id)
    return len(claim.ids)


def _public_id(organisation_id: int, file_id: int) -> UUID:
    with scope.organisation(organisation_id):
        return DeclarationFile.objects.values_list("public_id", flat=True).get(pk=file_id)


def _work(file_id: int, claim: _Claim, *, limit: int, only: int | None = None) -> int:
    file = open_file(file_id)
    if file is None:
        return 0
    claimed = _claim(file_id, limit=limit, only=only)
    claim.ids = [item.id for item in claimed]
    if claimed:
        facts = facts_about(file.organisation_id, claimed, today=timezone.localdate())
        write(file, [facts.decide(item) for item in claimed])
    return len(claimed)


def _work_alone(organisation_id: int, file_id: int, item_id: int) -> None:
    try:
        with scope.organisation(organisation_id):
            _work(file_id, _Claim(), limit=1, only=item_id)
    except FAULTS as fault:
        _note_failure(organisation_id, item_id, type(fault).__name__)


def open_file(file_id: int) -> DeclarationFile | None:
    """Return a file that can still be worked on, held in that state until the end of the transaction.

    None when it was withdrawn or exported. Many workers may hold it; withdrawing and exporting wait for them.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD_FILE, [file_id])
    return _if_open(file_id)


def free_file(file_id: int) -> DeclarationFile | None:
    """Return an open file like open_file(); None too when it is being made or withdrawn: nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute(f"{HOLD_FILE} skip locked", [file_id])
        is_free = cursor.fetchone() is not None
    return _if_open(file_id) if is_free else None


def _if_open(file_id: int) -> DeclarationFile | None:
    files = DeclarationFile.objects.filter(pk=file_id, state=FileState.IMPORTED)
    return files.select_related("organisation").first()


def _claim(file_id: int, *, limit: int, only: int | None) -> list[Item]:
    due = Attachment.objects.filter(file=file_id, state=AttachmentState.QUEUED, due_at__lte=timezone.now())
    if only is not None:
        due = due.filter(pk=only)
    locked = due.order_by("due_at").select_for_update(skip_locked=True, of=("self",))
    return items(locked.values_list(*COLUMNS)[:limit])


def write(file: DeclarationFile, decided: Sequence[Decided]) -> None:
    """Write outcomes and profile records of items that the transaction at hand has locked."""
    if not decided:
        return
    outcomes = json.dumps([_outcome_row(entry) for entry in decided])
    records = _with_references(file, [row for entry in decided for row in _record_rows(entry)])
    with connection.cursor() as cursor:
        cursor.execute(WRITE_OUTCOMES, [timezone.now(), outcomes])
        if records:
            cursor.execute(WRITE_RECORDS, [file.organisation_id, json.dumps(records)])
    if any(entry.item.state == AttachmentState.QUEUED for entry in decided):
        publish(PersonsLeftQueue(file.organisation_id, file.pk))
    _ask_about_deaths(file, decided)


def _ask_about_deaths(file: DeclarationFile, decided: Sequence[Decided]) -> None:
    """Have the nurse asked whether it is so; a test file says nothing about anybody."""
    told = {entry.client_id for entry in decided if entry.told_deceased and entry.client_id is not None}
    if told and not file.is_test:
        count = ask_whether_died(client_ids=told, told_on=file.invoice_date)
        log.info("deaths_told file=%s asked=%d", file.public_id, count)


def _outcome_row(decided: Decided) -> dict[str, Any]:
    return {
        "id": decided.item.id,
        "state": decided.outcome.state,
        "reason": decided.outcome.reason,
        "detail": detail_of(decided.outcome),
        "client_id": decided.client_id,
    }


def _with_references(file: DeclarationFile, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    references = references_of(file, [(row["person"], row["number"]) for row in rows]) if rows else []
    return [row | {"reference": one} for row, one in zip(rows, references, strict=True)]


def _record_rows(decided: Decided) -> Iterator[dict[str, Any]]:
    for record in decided.outcome.records:
        yield {
            "attachment_id": decided.item.id,
            "person": in_file(decided.item.kind, decided.item.number),
            "number": record.number,
            "profile_id": record.profile_id,
            "first_day": record.first_day.isoformat(),
            "last_day": record.last_day.isoformat(),
            "list_code": record.list_code,
            "performance_code": record.performance_code,
            "time_unit": record.time_unit,
            "form": record.form,
        }


def _note_failure(organisation_id: int, item_id: int, fault: str) -> None:
    """Let an item wait, longer each time; after the last attempt it is held until somebody looks at it."""
    with scope.organisation(organisation_id):
        item = Attachment.objects.select_for_update().get(pk=item_id)
        if item.state != AttachmentState.QUEUED:
            return
        item.attempts += 1
        if item.attempts >= ATTEMPTS:
            item.state, item.reason = AttachmentState.HELD, Reason.TECHNICAL_ERROR
            item.detail = detail_to_json(Detail(fault=fault))
            item.changed_at = timezone.now()
        item.due_at = timezone.now() + pause_after(item.attempts, first=FIRST_PAUSE)
        item.save(update_fields=["attempts", "state", "reason", "detail", "due_at", "changed_at"])
        if item.state != AttachmentState.QUEUED:
            publish(PersonsLeftQueue(organisation_id, item.file_id))
        log.warning("attach_failed attachment=%s attempt=%d fault=%s", item.public_id, item.attempts, fault)


def next_due(file_id: int) -> datetime | None:
    """Return when the first queued item of a file is due; None when nothing is queued."""
    queued = Attachment.objects.filter(file=file_id, state=AttachmentState.QUEUED)
    return queued.order_by("due_at").values_list("due_at", flat=True).first()


def drop_records(file_id: int) -> None:
    """Remove the profile records of a file that was never exported, in one statement however many."""
    with connection.cursor() as cursor:
        cursor.execute(DROP_RECORDS, [file_id])


def put_back(ids: Sequence[int]) -> int:
    """Queue items again, to be decided anew: their profile records go. Return how many."""
    if not ids:
        return 0
    ProfileRecord.objects.filter(attachment__in=ids).delete()
    again = Attachment.objects.filter(pk__in=ids, kind=AttachmentKind.REGULAR)
    now = timezone.now()
    return again.update(
        state=AttachmentState.QUEUED, reason=Reason.NONE, detail={}, attempts=0, due_at=now, changed_at=now
    )
