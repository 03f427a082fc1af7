"""Makes a file of profile records only: the 02 of each insured person again, with 04s of nothing under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from declarations.aw319.layout import ENCODING, FIELDS, LINE_LENGTH
from declarations.aw319.record_builder import Stencil
from declarations.aw319.writer import (
    LINES_PER_CHUNK,
    MOST_DETAILS,
    MOST_PERFORMANCES,
    InsertionRefusedError,
    ProfileRecordFields,
    TooManyRecordsError,
    profile_record,
)

_TRAILER: Final = Stencil("99", ("9902", "9904", "9906"), {"9908": "D"})


@dataclass(frozen=True, slots=True)
class Cover:
    """What the header of a separate file says of its own: 0114-0117. All else is that of the model."""

    invoice_number: str
    invoice_date: date
    period_first: date
    period_last: date


@dataclass(frozen=True, slots=True)
class InsuredGroup:
    """An insured person: the 02 record of the file in which the care was declared, and profile records."""

    parent: bytes
    records: tuple[ProfileRecordFields, ...]


def write_separate(model: bytes, cover: Cover, groups: Iterable[InsuredGroup]) -> Iterator[bytes]:
    """Yield a file of profile records in chunks of at most 640 kB.

    `model` is the header (01) of a file that the checker accepted, with its line end. Raises
    InsertionRefusedError for what would not pass the checker, as a record that is not an 02 for a parent.
    """
    lines = _lines(model, cover, groups)
    while chunk := b"".join(islice(lines, LINES_PER_CHUNK)):
        yield chunk


def _lines(model: bytes, cover: Cover, groups: Iterable[InsuredGroup]) -> Iterator[bytes]:
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
