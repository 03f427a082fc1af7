"""Proves, without trusting the writer, that a new file is the original plus zero-amount records only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from declarations.aw319.checker import check_lines
from declarations.aw319.layout import FIELDS, LINE_LENGTH
from declarations.aw319.records import Source, read
from declarations.aw319.report import Report

_NUMBERED: Final = frozenset({b"02", b"04", b"98"})
_NUMBER: Final = slice(2, 14)
_PERFORMANCES: Final = slice(14, 20)
_DETAILS: Final = slice(26, 33)


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome: `problems` are English sentences with line numbers of the new file, without values.

    `report` is the checker's on the new file; `inserted` the number of records that were added.
    """

    problems: tuple[str, ...]
    inserted: int
    report: Report

    @property
    def is_sound(self) -> bool:
        """True when the new file may be handed out."""
        return not self.problems and self.report.is_accepted


def verify_insertion(
    original: Source, result: Source, *, today: date, expected_agb: str | None = None
) -> Verification:
    """Compare two files line by line while the checker reads the second; memory stays flat.

    Holds when every line of the original comes back in order with only its detail number raised by the number
    of records added before it, each added line is a 04 with zero amounts, the trailer counts rose by just
    that number, its total is the same, and the new file passes the checker.
    """
    comparison = _Comparison(read(original))
    lines = comparison.passing_on(read(result))
    report = check_lines(lines, today=today, expected_agb=expected_agb)
    comparison.finish(lines)
    return Verification(tuple(comparison.problems), comparison.inserted, report)


class _Comparison:
    """Walks through both files. Stops looking at the first difference: what follows would say nothing new."""

    def __init__(self, original: Iterator[bytes]) -> None:
        self._original = original
        self._expected = next(original, None)
        self._line = 0
        self.inserted = 0
        self.problems: list[str] = []

    def passing_on(self, result: Iterator[bytes]) -> Iterator[bytes]:
        for line in result:
            self._line += 1
            if not self.problems:
                self._compare(line)
            yield line

    def finish(self, rest: Iterator[bytes]) -> None:
        """The checker may have stopped early; whatever it left is compared as well."""
        for _ in rest:
            pass
        if self._expected is not None and not self.problems:
            self._differs("the original goes on")

    def _compare(self, line: bytes) -> None:
        expected = self._expected
        if expected is not None and line == self._renumbered(expected):
            self._expected = next(self._original, None)
        elif _is_zero_performance(line):
            self.inserted += 1
        else:
            self._differs("neither a line of the original nor a record with zero amounts")

    def _renumbered(self, line: bytes) -> bytes:
        """The original line as it must look here."""
        kind = line[:2]
        if not self.inserted or len(line) < LINE_LENGTH - 2:
            return line
        if kind in _NUMBERED:
            return _raised(line, _NUMBER, self.inserted)
        if kind == b"99":
            return _raised(_raised(line, _PERFORMANCES, self.inserted), _DETAILS, self.inserted)
        return line

    def _differs(self, what: str) -> None:
        self.problems.append(f"line {self._line}: {what}")


def _raised(line: bytes, place: slice, by: int) -> bytes:
    digits = line[place]
    raised = str(int(digits) + by).zfill(len(digits)).encode() if digits.isdigit() else digits
    return line[: place.start] + raised + line[place.stop :]


def _is_zero_performance(line: bytes) -> bool:
    zero = all(FIELDS[number].of(line) == b"0" * 8 for number in ("0425", "0426", "0429"))
    return line[:2] == b"04" and zero
