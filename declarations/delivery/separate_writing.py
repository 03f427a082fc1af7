"""Writing the bytes of a separate file, and proving them before anybody gets them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from declarations import aw319
from declarations.aw319.layout import LINE_LENGTH
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.schema.constants import (
    ChunkKind,
)
from declarations.schema.delivery_constants import JobPhase
from declarations.schema.exceptions import FileProblem, UnsoundExportError
from declarations.schema.models import DeclarationFile
from declarations.storage import chunks
from declarations.storage.problems import errors_of, of_whole_file

ROWS_AT_ONCE = 2_000


# Of each insured person the record 02 of the newest file is repeated; they come in the order of those.
_PLACES = """
    SELECT record.id, home_file, home_line,
        1 + dense_rank() OVER (ORDER BY home_file, home_line)
          + row_number() OVER (ORDER BY home_file, home_line, first_day, record.id) AS line
    FROM (
        SELECT record.id, record.first_day,
            first_value(item.file_id) OVER person AS home_file,
            first_value(item.placement_line) OVER person AS home_line
        FROM declarations_profilerecord record
        JOIN declarations_attachment item ON item.id = record.attachment_id
        WHERE record.id = ANY(%(records)s)
        WINDOW person AS (PARTITION BY item.bsn_hash, item.uzovi ORDER BY item.file_id DESC, item.id DESC)
    ) record
"""


_PLACE = f"""
    UPDATE declarations_profilerecord record SET delivered_in_id = %(file)s, delivered_line = place.line
    FROM ({_PLACES}) place WHERE place.id = record.id
"""  # noqa: S608 - no values in it


_WRITTEN = f"""
    SELECT place.home_file, place.home_line, record.first_day, record.last_day, record.list_code,
        record.performance_code, record.time_unit, item.performer, record.reference
    FROM ({_PLACES}) place
    JOIN declarations_profilerecord record ON record.id = place.id
    JOIN declarations_attachment item ON item.id = record.attachment_id
    ORDER BY place.line
"""  # noqa: S608 - no values in it


def write(
    made: DeclarationFile, model: bytes, records: list[int], today: date, watcher: ProgressReporter
) -> aw319.Report:
    """Write the file under a header like the model, read it back, and note where each record stands.

    Return what our own checker said of it.
    """
    cover = aw319.Cover(made.invoice_number, made.invoice_date, made.period_first_day, made.period_last_day)
    watcher.begin(JobPhase.WRITING, len(records))
    content = aw319.write_separate(model, cover, _groups(records, watcher))
    try:
        stored = chunks.store(made, ChunkKind.EXPORT, content)
    except aw319.InsertionRefusedError as refused:
        unfit = of_whole_file(_("De profielregels passen niet in een apart bestand."))
        raise UnsoundExportError(f"separate {made} cannot be written: {refused}", (unfit,)) from refused
    outcome = _verified(made, stored, _Given(model, cover, records), today, watcher)
    watcher.begin(JobPhase.FINISHING, 0)
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"file": made.pk, "records": records})
    made.person_count, made.record_count = outcome.persons, outcome.report.lines
    made.size, made.sha256 = stored.size, stored.sha256
    made.save(update_fields=["person_count", "record_count", "size", "sha256"])
    return outcome.report


def _groups(records: list[int], watcher: ProgressReporter) -> Iterator[aw319.InsuredGroup]:
    """Yield each insured person with the 02 record of the newest file and the records to go under it."""
    for file_id, of_file in groupby(_rows(records), key=itemgetter(0)):
        above = _Above(aw319.read(chunks.read(DeclarationFile.objects.get(pk=file_id), ChunkKind.ORIGINAL)))
        for line, of_person in groupby(of_file, key=itemgetter(1)):
            fields = tuple(aw319.ProfileRecordFields(*row[2:]) for row in of_person)
            yield aw319.InsuredGroup(above.insured(line), fields)
            watcher.add(len(fields))


def _rows(records: list[int]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WRITTEN, {"records": records})
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


class _Above:
    """Walks once through a file and knows the record 02 above each line that is asked for in order."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = enumerate(lines, 1)
        self._at, self._insured = 0, b""

    def insured(self, line: int) -> bytes:
        while self._at < line:
            self._at, record = next(self._lines)
            if record[:2] == b"02":
                self._insured = record
        return self._insured


@dataclass(frozen=True, slots=True)
class _Given:
    """What a separate file is made of: a header like the model, what it says of its own, records by id."""

    model: bytes
    cover: aw319.Cover
    records: list[int]


def _verified(
    made: DeclarationFile, stored: chunks.Stored, given: _Given, today: date, watcher: ProgressReporter
) -> aw319.SeparateVerification:
    """Read back what was stored and hold it against what it must be, gathered once more."""
    watcher.begin(JobPhase.PROVING, -(-stored.size // LINE_LENGTH))
    outcome = aw319.verify_separate(
        chunks.watched(chunks.read(made, ChunkKind.EXPORT), watcher),
        given.model,
        given.cover,
        _groups(given.records, SILENT),
        today=today,
        expected_agb=made.organisation.agb,
    )
    if not outcome.is_sound:
        raise UnsoundExportError(f"separate {made} is not sound", _findings(outcome), *outcome.problems)
    if outcome.records != len(given.records):
        missing = of_whole_file(_("Niet elke profielregel staat in het geschreven bestand."))
        what = f"separate {made} has {outcome.records} profile records, not {len(given.records)}"
        raise UnsoundExportError(what, (missing,))
    return outcome


def _findings(outcome: aw319.SeparateVerification) -> tuple[FileProblem, ...]:
    found = errors_of(outcome.report)
    if not outcome.problems:
        return found
    return (of_whole_file(_("In het aparte bestand staat meer dan profielregels.")), *found)
