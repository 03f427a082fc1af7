"""Reading a declaration file in: check, store, and one row in the queue per insured person."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction

from care.schema import crypto
from care.schema.models import Insurer, Organisation, User
from declarations import aw319
from declarations.decisions.facts import fingerprint
from declarations.decisions.stored import performances_to_json
from declarations.intake import earlier_references, warnings
from declarations.progress.file_states import add_file
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.schema.constants import AttachmentKind, AttachmentState, ChunkKind, FileKind, FileState
from declarations.schema.delivery_constants import JobPhase
from declarations.schema.exceptions import (
    AlreadyImportedError,
    BrokenFileError,
    FileRefusedError,
    InvoiceNumberTakenError,
)
from declarations.schema.models import DeclarationFile
from declarations.storage import chunks
from declarations.storage.problems import errors_of

READ_BYTES = 1 << 20
ROWS_AT_ONCE = 1_000
LISTED_PROBLEMS = 1_000
ADD_TO_QUEUE = """
    INSERT INTO declarations_attachment (
        public_id, organisation_id, file_id, kind, state, reason, detail, attach_rest, attempts, due_at,
        changed_at, number, bsn_hash, uzovi, date_of_birth, first_line, placement_line, performer,
        performances, told_deceased
    )
    SELECT gen_random_uuid(), %s, %s, %s, %s, '', '{}', false, 0, now(), now(), number,
        decode(bsn_hash, 'hex'), uzovi, date_of_birth, first_line, placement_line, performer, performances,
        told_deceased
    FROM json_to_recordset(%s) AS person (
        number integer, bsn_hash text, uzovi text, date_of_birth date, first_line integer,
        placement_line integer, performer text, performances jsonb, told_deceased boolean
    )
"""


class Source(Protocol):
    """Bytes that can be read again from the beginning: an open file, an upload."""

    def read(self, size: int = ..., /) -> bytes:
        """Return at most size bytes; none at the end."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go to an offset from the beginning."""
        ...

    def tell(self) -> int:
        """Return the offset."""
        ...


def read_in(
    *,
    organisation: Organisation,
    source: Source,
    today: date,
    user: User | None,
    watcher: ProgressReporter = SILENT,
) -> DeclarationFile:
    """Store a file that has no errors, with its queue. Part of the transaction at hand.

    `source` is read again from its beginning. Raises FileRefusedError, AlreadyImportedError or
    InvoiceNumberTakenError.
    """
    digest = hashlib.sha256()
    report = aw319.check(
        _blocks(source, digest), today=today, expected_agb=organisation.agb, keep=LISTED_PROBLEMS
    )
    if report.facts is None:
        raise _refused(report)
    file = _file_of(organisation, report, digest.hexdigest(), user)
    file.size = source.tell()
    file.facts_seen = file.facts_attached = fingerprint(today)
    _save_once(file)
    _store_original(file, source)
    _keep_warnings(file, report, source)
    _queue(file, report.facts.persons, watcher)
    return file


def _blocks(source: Source, digest: "hashlib._Hash") -> Iterator[bytes]:
    source.seek(0)
    while block := source.read(READ_BYTES):
        digest.update(block)
        yield block


def _refused(report: aw319.Report) -> FileRefusedError:
    return FileRefusedError(errors_of(report), report.errors)


def _file_of(
    organisation: Organisation, report: aw319.Report, sha256: str, user: User | None
) -> DeclarationFile:
    facts = report.facts
    if facts is None:
        raise BrokenFileError("a refused file has no facts")
    header = facts.header
    return DeclarationFile(
        organisation=organisation,
        insurer=Insurer.objects.filter(uzovi=header.uzovi).first(),
        uzovi=header.uzovi,
        is_test=header.is_test,
        invoice_number=header.invoice_number,
        invoice_date=header.invoice_date,
        period_first_day=header.period_first,
        period_last_day=header.period_last,
        control_total=facts.control_total,
        record_count=report.lines,
        warning_count=report.warnings,
        person_count=len(facts.persons),
        sha256=sha256,
        uploaded_by=user,
    )


def _save_once(file: DeclarationFile) -> None:
    """Write the file's row, unless the invoice number is taken: by the same bytes or by others."""
    _refuse_if_taken(file)
    try:
        with transaction.atomic():
            add_file(file)
    except IntegrityError:
        # Somebody else imported it between the look and the writing.
        _refuse_if_taken(file)
        raise


def _refuse_if_taken(file: DeclarationFile) -> None:
    """Refuse the same bytes again, and a number of another declaration file.

    A test file claims no number, and neither does what was withdrawn. Separate files have a series of their
    own, which never keeps a file of others out.
    """
    standing = DeclarationFile.objects.filter(organisation=file.organisation).exclude(
        state=FileState.WITHDRAWN
    )
    same = standing.filter(sha256=file.sha256).first()
    if same is not None:
        raise AlreadyImportedError(same.public_id)
    if file.is_test:
        return
    claimed = standing.filter(kind=FileKind.RECEIVED, is_test=False, invoice_number=file.invoice_number)
    other = claimed.first()
    if other is not None:
        raise InvoiceNumberTakenError(other.public_id)


def _store_original(file: DeclarationFile, source: Source) -> None:
    stored = chunks.store(file, ChunkKind.ORIGINAL, _blocks(source, hashlib.sha256()))
    if (stored.size, stored.sha256) != (file.size, file.sha256):
        raise BrokenFileError("the bytes changed while they were read")


def _keep_warnings(file: DeclarationFile, report: aw319.Report, source: Source) -> None:
    """Keep what was found in the file, and in it beside earlier files."""

    def lines() -> Iterator[bytes]:
        return aw319.read(_blocks(source, hashlib.sha256()))

    compared = earlier_references.keep_and_compare(file, lines, most=warnings.KEPT)
    found, counts = [*report.findings, *compared.findings], dict(report.warnings_by_rule)
    if compared.count:
        counts[compared.findings[0].rule] = compared.count
    if compared.unread:
        unread = aw319.Finding(1, "0431", "reference.not_compared", (str(compared.unread),))
        found.append(unread)
        counts[unread.rule] = 1
    warnings.keep(file, found, counts)
    more = compared.count + bool(compared.unread)
    if more:
        file.warning_count += more
        file.save(update_fields=["warning_count"])


def _queue(file: DeclarationFile, persons: aw319.PersonTable, watcher: ProgressReporter) -> None:
    """Write a row per insured person; as one JSON text a batch costs a tenth of what model rows cost."""
    watcher.begin(JobPhase.QUEUEING, len(persons))
    rows = (_row(file, number, person) for number, person in enumerate(persons, 1))
    whose = (file.organisation_id, file.pk, AttachmentKind.REGULAR, AttachmentState.QUEUED)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.execute(ADD_TO_QUEUE, (*whose, json.dumps(batch)))
            watcher.add(len(batch))


def _row(file: DeclarationFile, number: int, person: aw319.InsuredPerson) -> dict[str, Any]:
    hashed = crypto.bsn_hash(person.bsn, organisation_id=file.organisation_id).hex()
    return {
        "number": number,
        "bsn_hash": None if person.has_dummy_bsn else hashed,
        "uzovi": person.uzovi,
        "date_of_birth": None if person.birth_dates_differ else person.date_of_birth.isoformat(),
        "first_line": person.first_line,
        "placement_line": person.placement_line,
        "performer": person.performer or "",
        "performances": performances_to_json(person.performances),
        "told_deceased": person.is_told_deceased,
    }
