"""Which detail number of the original became which in the file with profile records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from declarations.aw319.layout import ENCODING, FIELDS

_REFERENCE: Final = FIELDS["0431"]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A record 02 or 04 of the new file: its number in the original (None: it was put in), and its new one.

    `reference` is 0431; empty for a record 02.
    """

    old: int | None
    new: int
    reference: str


def renumbered(lines: Iterable[bytes], placed: Iterable[tuple[int, str]]) -> Iterator[NumberRow]:
    """Yield every numbered record of the new file in its order, in flat memory.

    `lines` are those of the original; `placed` names, in order, behind which 1-based line a profile record
    was put, and its reference: the same places as `write_with_profiles` was given. Comments carry the number
    of the record they belong to and have no row.
    """
    waiting = iter(placed)
    due, reference = next(waiting, (0, ""))
    number = shift = 0
    for at, line in enumerate(lines, 1):
        if line[:2] in {b"02", b"04"}:
            number = int(line[2:14])
            yield NumberRow(number, number + shift, _reference_of(line))
        while due == at:
            shift += 1
            yield NumberRow(None, number + shift, reference)
            due, reference = next(waiting, (0, ""))


def _reference_of(line: bytes) -> str:
    return _REFERENCE.of(line).decode(ENCODING).rstrip() if line[:2] == b"04" else ""
