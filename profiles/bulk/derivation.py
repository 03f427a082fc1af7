"""Bulk derivation: a CSV of answers in, a CSV of profiles out, any number of rows in flat memory.

There is one set of rules: the instrument's checks and the engine. What they say of one row is
remembered (`_Memory`), because the whole way costs twenty times a look-up.
"""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from django.utils.translation import gettext as _

from config.atomic import replaced
from profiles.engine import DKDL_2_0, Derivation, Dimension, ProfileKind, derive
from questionnaires.anamneses.problem_texts import file_sentence
from questionnaires.instruments.definition import check, from_cells, stored
from questionnaires.instruments.definitions import shipped

HEADER_OUT: Final = "id;soort;code;draagkracht;draaglast;ondersteuningsbehoefte;model;fout\n"
INVALID: Final = "ongeldig"

_BATCH: Final = 20_000
_HEADER_LIMIT: Final = 4096
#: Far above the 9,216 second halves that exist in one spelling; odd spellings must not fill the memory.
_REMEMBERED: Final = 60_000
#: The first half of a row: Q1-Q8 in one character each, every one followed by a semicolon.
_HEAD_QUESTIONS: Final = 8
_HEAD: Final = 2 * _HEAD_QUESTIONS

#: Points per dimension: (capacity, burden, support need).
_Points = tuple[int, int, int]
_NOTHING: Final[Mapping[_Points | None, str]] = {}


class BulkFileError(Exception):
    """The input cannot be read or the output not written. Carries a Dutch sentence for the person."""


@dataclass(frozen=True, slots=True)
class BulkReport:
    """How many rows were read, and how many of those were invalid."""

    rows: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Listener:
    """Who wants to know.

    `started(size)` once, with 0 for an input of unknown size; `advanced(size)` after each batch;
    `invalid(line, reason)` for each bad row. Sizes are bytes of the input; lines are counted as an
    editor does, the header being 1.
    """

    started: Callable[[int], None]
    invalid: Callable[[int, str], None]
    advanced: Callable[[int], None]


@dataclass(slots=True)
class _Lines:
    """The input line by line; knows the number of the line last given, and how many bytes have gone by."""

    source: BinaryIO
    number: int = 0
    size: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = next(self.source)
        self.number += 1
        self.size += len(raw)
        return raw.decode()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What follows the id in the output, and why the row is invalid (empty when it is not)."""

    suffix: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What earlier rows have shown.

    The model adds up points per dimension, and after the gates no question of one half of the row
    decides whether a question of the other half applies. So once a half has passed all the rules in
    some row, it is known by its points: `heads` leads from the text of Q1-Q8 by the points of
    Q9-Q13 (found in `tails`) to the outcome. Rows of another kind are remembered whole.
    """

    heads: dict[str, dict[_Points | None, str]] = field(default_factory=dict)
    tails: dict[str, _Points] = field(default_factory=dict)
    shared: dict[_Points, dict[_Points | None, str]] = field(default_factory=dict)
    others: dict[str, _Outcome] = field(default_factory=dict)


@dataclass(slots=True)
class _Work:
    """One run over one file."""

    lines: _Lines
    listener: Listener
    memory: _Memory = field(default_factory=_Memory)
    rows: int = 0
    invalid: int = 0


def derive_file(source: Path, target: Path, *, listener: Listener) -> BulkReport:
    """Derive every row of `source` and write `target` whole or not at all.

    Raises `BulkFileError` when the input is not what it should be (missing, not UTF-8, another
    header, broken quotes) or the output cannot be written. Invalid rows are rows like any other.
    """
    try:
        _check_target(source, target)
        with source.open("rb") as stream, _atomically(target) as out:
            listener.started(os.fstat(stream.fileno()).st_size)
            work = _Work(lines=_Lines(stream), listener=listener)
            _check_header(work.lines)
            _derive_all(work, out)
    except OSError as error:
        raise BulkFileError(_os_sentence(error, source, target)) from error
    return BulkReport(rows=work.rows, invalid=work.invalid)


def _derive_all(work: _Work, out: TextIO) -> None:
    lines, before = work.lines, 0
    out.write(HEADER_OUT)
    try:
        while before != lines.size:
            work.listener.advanced(lines.size - before)
            before = lines.size
            rows = _derive_batch(work)
            work.rows += len(rows)
            out.writelines(rows)
    except UnicodeDecodeError as error:
        raise BulkFileError(_not_utf8(lines.number)) from error
    except csv.Error as error:
        msg = _(
            "Tot regel %(line)d staat een aanhalingsteken of regeleinde verkeerd. Maak het bestand opnieuw."
        )
        raise BulkFileError(msg % {"line": lines.number}) from error


def _derive_batch(work: _Work) -> list[str]:
    """The next output rows, as text. This loop is the fast path: three look-ups a row."""
    heads, tails = work.memory.heads, work.memory.tails
    rows: list[str] = []
    for line in islice(work.lines, _BATCH):
        identifier, _separator, answers = line.partition(";")
        suffix = heads.get(answers[:_HEAD], _NOTHING).get(tails.get(answers[_HEAD:]))
        if suffix is not None and '"' not in identifier and "\r" not in identifier:
            rows.append(identifier + suffix)
        elif line.strip():
            rows.append(_derive_line(line, work))
    return rows


def _derive_line(line: str, work: _Work) -> str:
    """The output row of a line that the fast path does not know; may take further lines, when quoted."""
    number, text = work.lines.number, _without_end(line)
    if '"' in text or "\r" in text:
        identifier, *cells = next(csv.reader(chain([line], work.lines), delimiter=";", strict=True))
    else:
        identifier, *cells = text.split(";")
    outcome = _derive_cells(cells, work.memory)
    if outcome.reason:
        work.invalid += 1
        work.listener.invalid(number, outcome.reason)
    return _quoted(identifier) + outcome.suffix


def _derive_cells(cells: Sequence[str], memory: _Memory) -> _Outcome:
    """What is known of these cells, or else the whole way, remembering what it shows."""
    answers = ";".join(cells)
    if answers.count(";") >= len(cells):
        # A quoted semicolon: joined, this row could pass for another.
        return _whole_way(cells)[0]
    suffix = memory.heads.get(answers[:_HEAD], _NOTHING).get(memory.tails.get(f"{answers[_HEAD:]}\n"))
    if suffix is not None:
        return _Outcome(suffix)
    return memory.others.get(answers) or _learn(cells, answers, memory)


def _learn(cells: Sequence[str], answers: str, memory: _Memory) -> _Outcome:
    outcome, derivation = _whole_way(cells)
    is_plain = answers[1:_HEAD:2] == ";" * _HEAD_QUESTIONS
    if derivation is not None and derivation.kind is ProfileKind.DKDL and is_plain:
        if len(memory.tails) < _REMEMBERED:
            _remember(answers, derivation, outcome.suffix, memory)
    elif len(memory.others) < _REMEMBERED:
        memory.others[answers] = outcome
    return outcome


def _remember(answers: str, derivation: Derivation, suffix: str, memory: _Memory) -> None:
    first = frozenset(question.id for question in shipped().questions[:_HEAD_QUESTIONS])
    head_points = _points(derivation, lambda question: question in first)
    tail_points = _points(derivation, lambda question: question not in first)
    by_tail = memory.shared.setdefault(head_points, {})
    by_tail[tail_points] = suffix
    memory.heads[answers[:_HEAD]] = by_tail
    # With the line ends that the fast path leaves on.
    memory.tails[f"{answers[_HEAD:]}\n"] = memory.tails[f"{answers[_HEAD:]}\r\n"] = tail_points


def _points(derivation: Derivation, belongs: Callable[[str], bool]) -> _Points:
    totals = dict.fromkeys(Dimension, 0)
    for contribution in derivation.contributions:
        if belongs(contribution.question):
            totals[contribution.dimension] += contribution.points
    return totals[Dimension.CAPACITY], totals[Dimension.BURDEN], totals[Dimension.SUPPORT_NEED]


def _whole_way(cells: Sequence[str]) -> tuple[_Outcome, Derivation | None]:
    """Read, check against the instrument, derive. No derivation when invalid."""
    instrument = shipped()
    if len(cells) != len(instrument.questions):
        return _invalid(_wrong_width(len(cells) + 1, len(instrument.questions) + 1)), None
    answers = from_cells(instrument, cells)
    if problems := check(instrument, answers, complete=True):
        return _invalid(" | ".join(file_sentence(instrument, problem) for problem in problems)), None
    derivation = derive(stored(instrument, answers))
    return _Outcome(_suffix(derivation)), derivation


def _suffix(derivation: Derivation) -> str:
    scores = (derivation.capacity, derivation.burden, derivation.support_need)
    written = ";".join("" if score is None else str(score) for score in scores)
    return f";{derivation.kind};{derivation.code};{written};{derivation.model_version};\n"


def _invalid(reason: str) -> _Outcome:
    return _Outcome(f";{INVALID};;;;;{DKDL_2_0.version};{_quoted(reason)}\n", reason)


def _quoted(text: str) -> str:
    """Minimal quoting, for every character that would break the row."""
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _check_header(lines: _Lines) -> None:
    expected = ["id", *(question.id for question in shipped().questions)]
    raw = lines.source.readline(_HEADER_LIMIT)
    lines.number, lines.size = 1, len(raw)
    try:
        header = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BulkFileError(_not_utf8(1)) from error
    if next(csv.reader([_without_end(header)], delimiter=";"), []) != expected:
        msg = _("De eerste regel van het bestand moet zijn: %(header)s")
        raise BulkFileError(msg % {"header": ";".join(expected)})


def _check_target(source: Path, target: Path) -> None:
    if target.exists() and not target.is_file():
        msg = _("%(path)s is geen gewoon bestand. Geef een andere naam voor de uitvoer.")
        raise BulkFileError(msg % {"path": target})
    if target.exists() and source.exists() and target.samefile(source):
        msg = _("In- en uitvoer zijn hetzelfde bestand. Geef een andere naam voor de uitvoer.")
        raise BulkFileError(msg)


@contextmanager
def _atomically(target: Path) -> Iterator[TextIO]:
    """A text file that takes its place only when everything has been written; else nothing is left."""
    with replaced(target.resolve(), is_private=False) as file:
        out = TextIOWrapper(file, encoding="utf-8", newline="\n")
        yield out
        out.detach()


def _wrong_width(found: int, expected: int) -> str:
    msg = _("De regel heeft %(found)d velden en moet er %(expected)d hebben.")
    return msg % {"found": found, "expected": expected}


def _not_utf8(line: int) -> str:
    msg = _("Regel %(line)d is geen UTF-8. Sla het bestand op als CSV met UTF-8 en probeer het opnieuw.")
    return msg % {"line": line}


def _os_sentence(error: OSError, source: Path, target: Path) -> str:
    if error.filename == str(source):
        msg = _("%(path)s is niet te lezen. Controleer of het bestand bestaat en of je het mag openen.")
        return msg % {"path": source}
    msg = _("%(path)s is niet te schrijven. Controleer de map, je rechten en de vrije ruimte.")
    return msg % {"path": target}
