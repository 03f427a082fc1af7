"""One record under a byte ruler: rows of positions, the fields on them, and what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from declarations import aw319
from declarations.aw319 import FieldRow, Finding
from declarations.aw319.layout import RECORD_LENGTH

# 310 positions are five rows that fit upright on a tablet.
POSITIONS_PER_ROW = 62
# What a screen would not show, or would act on: a picture of each control sign, and one mark for 0x80-0x9F.
_SHOWN_AS = (
    {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
)


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a field that stands in one row; `is_start` where the field begins in it."""

    field: FieldRow
    text: str
    is_start: bool
    is_late: bool
    has_finding: bool

    @property
    def name(self) -> str:
        """What to say of the field: number, name and positions."""
        about = {"start": self.field.start, "end": self.field.end}
        where = (
            _("positie %(start)d") if self.field.start == self.field.end else _("positie %(start)d-%(end)d")
        )
        return f"{self.field.number} {self.field.name}, {where % about}"


@dataclass(frozen=True, slots=True)
class RulerRow:
    """A stretch of positions, the first and last 1-based; `scale` is as wide as the stretch."""

    first: int
    last: int
    scale: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field in the table below the ruler, with the sentences of what was found."""

    field: FieldRow
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record taken apart. `remarks` are findings that are about no single field."""

    rows: tuple[RulerRow, ...]
    fields: tuple[FieldLine, ...]
    remarks: tuple[str, ...]
    finding_count: int


def ruler_of(record: bytes, *, line: int, today: date) -> RecordView:
    """Return a record under the ruler, with what our checker finds in it by itself."""
    return ruler_with(record, aw319.check_record(record, line=line, today=today))


def ruler_with(record: bytes, found: Sequence[Finding]) -> RecordView:
    """Return a record under the ruler, with what was found in it; no rows where its type is unknown."""
    fields = tuple(_visible(row) for row in aw319.describe(record))
    wrong = {finding.field for finding in found}
    starts = range(1, RECORD_LENGTH + 1, POSITIONS_PER_ROW)
    return RecordView(
        rows=tuple(row for row in (_row(first, fields, wrong) for first in starts) if row.pieces),
        fields=tuple(FieldLine(row, _sentences(found, row.number)) for row in fields),
        remarks=_sentences(found, ""),
        finding_count=len(found),
    )


def _visible(row: FieldRow) -> FieldRow:
    return replace(row, value=row.value.translate(_SHOWN_AS))


def _sentences(found: Iterable[Finding], field: str) -> tuple[str, ...]:
    return tuple(finding.told(_) for finding in found if finding.field == field)


def _row(first: int, fields: Iterable[FieldRow], wrong: set[str]) -> RulerRow:
    last = min(first + POSITIONS_PER_ROW - 1, RECORD_LENGTH)
    inside = (row for row in fields if row.start <= last and row.end >= first)
    pieces = tuple(_piece(row, first, last, row.number in wrong) for row in inside)
    return RulerRow(first, last, scale(first, last), pieces)


def _piece(row: FieldRow, first: int, last: int, has_finding: bool) -> Piece:  # noqa: FBT001
    start, end = max(row.start, first), min(row.end, last)
    text = row.value[start - row.start : end - row.start + 1]
    is_late = start - first >= POSITIONS_PER_ROW // 2
    return Piece(row, text, row.start >= first, is_late, has_finding)


def scale(first: int, last: int) -> str:
    """Return the scale over positions: each ten ends in its number, each five is a stroke, others a dot."""
    marks = ["+" if position % 5 == 0 else "." for position in range(first, last + 1)]
    for ten in range(first + 9 - (first - 1) % 10, last + 1, 10):
        digits = str(ten)
        at = ten - first + 1
        if at >= len(digits):
            marks[at - len(digits) : at] = digits
    return "".join(marks)
