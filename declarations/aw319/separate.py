"""Makes a file of profile records only: the 02 of each insured person again, with 04s of nothing under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from declarations.aw319.checker import check_lines
from declarations.aw319.composing import Stencil
from declarations.aw319.layout import ENCODING, FIELDS, LINE_LENGTH
from declarations.aw319.records import Source, read
from declarations.aw319.report import Report
from declarations.aw319.writer import (
    LINES_PER_CHUNK,
    MOST_DETAILS,
    MOST_PERFORMANCES,
    InsertionRefusedError,
    ProfileRecordFields,
    TooManyRecordsError,
    profile_record,
)

_ZERO_AMOUNTS: Final = tuple(FIELDS[number] for number in ("0425", "0426", "0429"))
_NO_TOTAL: Final = b"0" * 11 + b"D"
_TRAILER: Final = Stencil("99", ("9902", "9904", "9906"), {"9908": "D"})


@dataclass(frozen=True, slots=True)
class Cover:
    """What the header of a separate file says of its own: 0114-0117. All else is that of the model."""

    invoice_number: str
    invoice_date: date
    period_first: date
    period_last: date


@dataclass(frozen=True, slots=True)
class Group:
    """An insured person: the 02 record of the file in which the care was declared, and profile records."""

    parent: bytes
    records: tuple[ProfileRecordFields, ...]


@dataclass(frozen=True, slots=True)
class SeparateVerification:
    """What reading a separate file back gave. `problems` name lines, never values."""

    problems: tuple[str, ...]
    persons: int
    records: int
    report: Report

    @property
    def is_sound(self) -> bool:
        """True when the file may be handed out."""
        return not self.problems and self.report.is_accepted


def write_separate(model: bytes, cover: Cover, groups: Iterable[Group]) -> Iterator[bytes]:
    """Yield a file of profile records in chunks of at most 640 kB.

    `model` is the header (01) of a file that the checker accepted, with its line end. Raises
    InsertionRefusedError for what would not pass the checker, as a record that is not an 02 for a parent.
    """
    lines = _lines(model, cover, groups)
    while chunk := b"".join(islice(lines, LINES_PER_CHUNK)):
        yield chunk


def _lines(model: bytes, cover: Cover, groups: Iterable[Group]) -> Iterator[bytes]:
    yield _header(model, cover)
    persons = records = 0
    for group in groups:
        if group.parent[:2] != b"02" or len(group.parent) != LINE_LENGTH or not group.records:
            raise InsertionRefusedError("A person needs a record 02 and at least one profile record")
        persons += 1
        yield b"02%012d%b" % (persons + records, group.parent[14:])
        for fields in group.records:
            records += 1
            yield profile_record(group.parent, persons + records, fields)
    yield _trailer(persons, records)


def _header(model: bytes, cover: Cover) -> bytes:
    values = {
        "0114": f"{cover.period_first:%Y%m%d}",
        "0115": f"{cover.period_last:%Y%m%d}",
        "0116": f"{cover.invoice_number:<12}",
        "0117": f"{cover.invoice_date:%Y%m%d}",
    }
    header = bytearray(model)
    for number, value in values.items():
        field, raw = FIELDS[number], value.encode(ENCODING)
        if len(raw) != field.length:
            raise InsertionRefusedError(f"Field {number} of a separate file does not fit")
        header[field.start - 1 : field.end] = raw
    return bytes(header)


def _trailer(persons: int, records: int) -> bytes:
    if records > MOST_PERFORMANCES or persons + records > MOST_DETAILS:
        raise TooManyRecordsError
    return _TRAILER.fill(persons, records, persons + records)


def verify_separate(result: Source, *, today: date, expected_agb: str | None = None) -> SeparateVerification:
    """Read a separate file back: it passes the checker, and holds no amount, no comment and no total."""
    reading = _Reading()
    report = check_lines(reading.passing_on(read(result)), today=today, expected_agb=expected_agb)
    return SeparateVerification(tuple(reading.problems), reading.persons, reading.records, report)


class _Reading:
    """Counts the lines that pass by, and notes the first that has no place in a separate file."""

    def __init__(self) -> None:
        self.persons = self.records = 0
        self.problems: list[str] = []

    def passing_on(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for number, line in enumerate(lines, 1):
            kind = line[:2]
            self.persons += kind == b"02"
            self.records += kind == b"04"
            if not self.problems and not _has_place(line):
                self.problems.append(f"line {number}: not part of a file of profile records")
            yield line


def _has_place(line: bytes) -> bool:
    if line[:2] == b"04":
        return all(not field.of(line).strip(b"0") for field in _ZERO_AMOUNTS)
    if line[:2] == b"99":
        return FIELDS["9907"].of(line) + FIELDS["9908"].of(line) == _NO_TOTAL
    return line[:2] in {b"01", b"02"}
