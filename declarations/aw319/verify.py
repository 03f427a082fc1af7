"""Proves, without trusting the writer, that a new file is byte for byte what it must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from declarations.aw319.checker import check_lines
from declarations.aw319.expected import ExpectedFile, ExpectedSeparate, compared
from declarations.aw319.records import Source, read
from declarations.aw319.report import Report
from declarations.aw319.separate import Cover, InsuredGroup
from declarations.aw319.writer import Insertion


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome: `problems` are English sentences with line numbers, without values.

    `report` is the checker's on the new file; `inserted` the number of profile records that must be in it.
    """

    problems: tuple[str, ...]
    inserted: int
    report: Report

    @property
    def is_sound(self) -> bool:
        """True when the new file may be handed out."""
        return not self.problems and self.report.is_accepted


@dataclass(frozen=True, slots=True)
class SeparateVerification:
    """The same of a separate file, which has so many persons and profile records."""

    problems: tuple[str, ...]
    persons: int
    records: int
    report: Report

    @property
    def is_sound(self) -> bool:
        """True when the file may be handed out."""
        return not self.problems and self.report.is_accepted


def verify_insertion(
    original: Source,
    result: Source,
    insertions: Iterable[Insertion],
    *,
    today: date,
    expected_agb: str | None = None,
) -> Verification:
    """Hold a new file against what it must be while the checker reads it; memory stays flat.

    That is: the original with exactly these profile records, in order of line, each field filled as agreed;
    detail numbers behind them and two counts of the trailer raised. Any other byte is a problem, and so are
    records of one person that overlap, that stand in the middle of a group or name another performer.
    """
    expected, problems = ExpectedFile(read(original), insertions), list[str]()
    report = _report(compared(expected, read(result), problems), today, expected_agb)
    return Verification(tuple(problems), expected.inserted, report)


def verify_separate(
    result: Source,
    model: bytes,
    cover: Cover,
    groups: Iterable[InsuredGroup],
    *,
    today: date,
    expected_agb: str | None = None,
) -> SeparateVerification:
    """Hold a separate file against what it must be, of what `write_separate` was given, in the same way."""
    expected, problems = ExpectedSeparate(model, cover, groups), list[str]()
    report = _report(compared(expected, read(result), problems), today, expected_agb)
    return SeparateVerification(tuple(problems), expected.persons, expected.records, report)


def _report(lines: Iterator[bytes], today: date, expected_agb: str | None) -> Report:
    report = check_lines(lines, today=today, expected_agb=expected_agb)
    for _ in lines:
        # The checker may have stopped early; whatever it left is compared as well.
        pass
    return report
