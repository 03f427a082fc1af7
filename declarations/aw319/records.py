"""Lines of a file, one at a time and in flat memory, and one record taken apart field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from struct import Struct
from typing import Final, Protocol, TypeAlias

from declarations.aw319.fields import RecordLayout
from declarations.aw319.layout import ENCODING, FIELDS, LAYOUTS, LINE_LENGTH

READ_SIZE: Final = 1 << 20
# A line that has no end within this many bytes is cut: no file can make us hold more of it.
LONGEST_LINE: Final = 1 << 16


class BinarySource(Protocol):
    """Anything with a `read` that gives bytes, such as an open binary file."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


Source: TypeAlias = BinarySource | Iterable[bytes]


def read(source: Source) -> Iterator[bytes]:
    """Yield every line with its line end as it is in the file: CR LF, LF, or nothing at the end of the file.

    Memory holds one chunk. What is longer than 64 kB without a line end is cut there and the rest of that
    line is dropped; such a line is no record anyhow.
    """
    tail = b""
    for chunk in _chunks(source):
        lines = BytesIO(tail + chunk).readlines()
        tail = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(tail) > LONGEST_LINE:
            tail = tail[:LONGEST_LINE]
    if tail:
        yield tail


def _chunks(source: Source) -> Iterable[bytes]:
    if isinstance(source, Iterable) and not hasattr(source, "read"):
        return source
    return iter(partial(source.read, READ_SIZE), b"")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of one record for display: positions are 1-based and inclusive; no value in the repr."""

    number: str
    name: str
    start: int
    end: int
    value: str = field(repr=False)

    @property
    def type(self) -> str:
        """N (digits) or AN (text), with its length, as the standard writes it."""
        item = FIELDS[self.number]
        return f"{item.type}{item.length}"

    @property
    def is_blank(self) -> bool:
        """True for nothing but spaces."""
        return not self.value.strip(" ")


_FIELDS_OF: Final = {
    code: Struct("".join(f"{item.length}s" for item in layout.fields) + "2x").unpack
    for code, layout in LAYOUTS.items()
}


def split(line: bytes) -> tuple[bytes, ...]:
    """All fields of a line of 312 bytes as they stand, in the order of the layout of its first two bytes.

    KeyError for an unknown record type.
    """
    return _FIELDS_OF[line[:2]](line)


def describe(line: bytes) -> tuple[FieldRow, ...]:
    """Take one record apart by the layout of its first two bytes; empty for an unknown record type.

    A line that is too short gives the fields that it reaches.
    """
    record = line.rstrip(b"\r\n")
    layout = LAYOUTS.get(record[:2])
    if layout is None:
        return ()
    rows = (
        FieldRow(item.number, item.name, item.start, item.end, item.of(record).decode(ENCODING))
        for item in layout.fields
    )
    return tuple(row for row in rows if row.value)


def slicer(layout: RecordLayout, *wanted: str) -> Struct:
    """A Struct that cuts fields (`"0402"`) or runs of fields (`"0403-0405"`) out of a line of 312 bytes."""
    position, parts = 0, []
    for name in wanted:
        first, last = (layout.field(number) for number in (name[:4], name[-4:]))
        parts += [f"{first.start - 1 - position}x", f"{last.end - first.start + 1}s"]
        position = last.end
    return Struct("".join([*parts, f"{LINE_LENGTH - position}x"]))
