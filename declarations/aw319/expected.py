"""What a file with profile records must be, byte for byte. Shares nothing with the writer but the layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from declarations.aw319.layout import ENCODING, FIELDS, LAYOUTS, LINE_END, LINE_LENGTH, RECORD_LENGTH

if TYPE_CHECKING:
    from declarations.aw319.separate import Cover, InsuredGroup
    from declarations.aw319.writer import Insertion, ProfileRecordFields

_NUMBER, _COUNT, _DETAILS = "0202", "9904", "9906"
_CARE_BY_LINE: Final = frozenset({b"04", b"98"})
_NUMBERED: Final = frozenset({b"02", b"04", b"98"})
_FROM_ABOVE: Final = {"0403": "0203", "0404": "0204", "0405": "0205", "0408": "0224", "0409": "0225"}
_ALWAYS: Final = {"0401": "04", "0407": "1", "0418": "0001", "0427": "D", "0430": "D"}


class UnexpectedError(ValueError):
    """What is to be put in cannot be put in there. Names a line of the original, never a value."""


class ExpectedFile:
    """The lines that a file with profile records must have; `inserted` counts the records put in so far."""

    def __init__(self, original: Iterable[bytes], insertions: Iterable[Insertion]) -> None:
        self._original = enumerate(original, 1)
        self._insertions = iter(insertions)
        self._due = next(self._insertions, None)
        self._parent = self._performer = b""
        self.inserted = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield each line with its line end. Raises UnexpectedError."""
        has_inserted = False
        for number, line in self._original:
            kind = line[:2]
            if has_inserted and kind in _CARE_BY_LINE:
                raise UnexpectedError(f"line {number}: a record was to be put in the middle of a group")
            has_inserted = False
            self._look_at(kind, line)
            yield _raised(line, self.inserted)
            for record in self._behind(number, line):
                has_inserted = True
                yield record
        if self._due is not None:
            raise UnexpectedError("a record was to be put behind the end")

    def _look_at(self, kind: bytes, line: bytes) -> None:
        if kind == b"02":
            self._parent, self._performer = line, b""
        elif kind == b"04" and FIELDS["0430"].of(line) == b"D":
            self._performer = FIELDS["0420"].of(line)

    def _behind(self, number: int, line: bytes) -> Iterator[bytes]:
        spans: list[tuple[date, date]] = []
        while self._due is not None and self._due.after_line <= number:
            fields = self._due.fields
            if self._due.after_line < number or line[:2] not in _CARE_BY_LINE or not self._parent:
                raise UnexpectedError(f"line {number}: no place for a record")
            if not _fits(fields, spans):
                raise UnexpectedError(f"line {number}: records of one person overlap")
            if self._performer and fields.performer.encode() != self._performer:
                raise UnexpectedError(f"line {number}: not the performer of the last debit")
            self.inserted += 1
            yield expected_record(self._parent, int(line[2:14]) + self.inserted, fields)
            self._due = next(self._insertions, None)


def _fits(fields: ProfileRecordFields, spans: list[tuple[date, date]]) -> bool:
    """Tell whether a record has days, none of them among those of the same person; they are added."""
    first, last = fields.first_day, fields.last_day
    apart = all(last < other_first or other_last < first for other_first, other_last in spans)
    spans.append((first, last))
    return apart and first <= last


def _raised(line: bytes, by: int) -> bytes:
    """An original line as it must look behind so many records."""
    if not by:
        return line
    if line[:2] in _NUMBERED:
        return _with(line, _NUMBER, int(line[2:14]) + by)
    if line[:2] == b"99":
        counted = _with(line, _COUNT, int(FIELDS[_COUNT].of(line)) + by)
        return _with(counted, _DETAILS, int(FIELDS[_DETAILS].of(line)) + by)
    return line


def _with(line: bytes, number: str, value: int) -> bytes:
    field = FIELDS[number]
    return line[: field.start - 1] + str(value).zfill(field.length).encode() + line[field.end :]


def expected_record(parent: bytes, number: int, fields: ProfileRecordFields) -> bytes:
    """A profile record under `parent`, a 02 record, with its line end: every field by itself."""
    values = {own: FIELDS[above].of(parent).decode(ENCODING) for own, above in _FROM_ABOVE.items()}
    values |= _ALWAYS
    values |= {
        "0402": f"{number:012d}",
        "0414": f"{fields.first_day:%Y%m%d}",
        "0415": f"{fields.last_day:%Y%m%d}",
        "0416": fields.list_code,
        "0417": fields.performance_code,
        "0419": fields.time_unit,
        "0420": fields.performer,
        "0431": fields.reference,
    }
    return _record("04", values)


def _record(code: str, values: dict[str, str]) -> bytes:
    """A record of these values, each filled up to its length; empty fields are zeros or spaces by type."""
    parts = []
    for field in LAYOUTS[code.encode()].fields:
        value = values.get(field.number, "")
        filled = value.rjust(field.length, "0") if field.is_numeric else value.ljust(field.length)
        parts.append(filled)
    record = "".join(parts).encode(ENCODING)
    if len(record) != RECORD_LENGTH:
        raise UnexpectedError("a value is longer than its field")
    return record + LINE_END


class ExpectedSeparate:
    """The lines that a separate file must have, of its model (a record 01), its own days and its groups."""

    def __init__(self, model: bytes, cover: Cover, groups: Iterable[InsuredGroup]) -> None:
        self._model, self._cover, self._groups = model, cover, groups
        self.persons = self.records = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield each line with its line end. Raises UnexpectedError."""
        yield self._header()
        for group in self._groups:
            yield from self._group(group)
        yield _record(
            "99",
            {
                "9901": "99",
                "9902": str(self.persons),
                "9904": str(self.records),
                "9906": str(self.persons + self.records),
                "9908": "D",
            },
        )

    def _header(self) -> bytes:
        cover, line = self._cover, self._model
        days = (("0114", cover.period_first), ("0115", cover.period_last), ("0117", cover.invoice_date))
        for number, day in days:
            line = _with(line, number, int(f"{day:%Y%m%d}"))
        field = FIELDS["0116"]
        own = cover.invoice_number.ljust(field.length).encode(ENCODING)
        return line[: field.start - 1] + own + line[field.end :]

    def _group(self, group: InsuredGroup) -> Iterator[bytes]:
        if group.parent[:2] != b"02" or len(group.parent) != LINE_LENGTH or not group.records:
            raise UnexpectedError("a person without a record 02 or without a profile record")
        self.persons += 1
        yield _with(group.parent, _NUMBER, self.persons + self.records)
        spans: list[tuple[date, date]] = []
        for fields in group.records:
            # Of test files nothing counts as sent: two may hold the same days.
            if not _fits(fields, spans) and FIELDS["0105"].of(self._model) != b"T":
                raise UnexpectedError("records of one person overlap, or end before they begin")
            self.records += 1
            yield expected_record(group.parent, self.persons + self.records, fields)


def compared(expected: Iterable[bytes], lines: Iterable[bytes], problems: list[str]) -> Iterator[bytes]:
    """Pass lines on, and note in `problems` the first that is not what it must be, or that is missing.

    What follows the first difference would say nothing new.
    """
    wanted = iter(expected)
    number = 0
    for number, line in enumerate(lines, 1):
        if not problems:
            due = _next(wanted, problems)
            if not problems and line != due:
                problems.append(f"line {number}: not what it must be")
        yield line
    if not problems and _next(wanted, problems) is not None:
        problems.append(f"line {number + 1}: missing")


def _next(wanted: Iterator[bytes], problems: list[str]) -> bytes | None:
    try:
        return next(wanted, None)
    except (UnexpectedError, ValueError) as fault:
        problems.append(str(fault) if isinstance(fault, UnexpectedError) else "the original is not readable")
        return None
