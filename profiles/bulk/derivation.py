"""Bulk derivation: a CSV of answers in, a CSV of profiles out, any number of rows in flat memory.

What the rules say of one row is remembered (`scoring`), because the whole way costs twenty times a look-up.
"""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from django.utils.translation import gettext as _

from config.atomic import replaced
from profiles.bulk.scoring import NOTHING, ScoringMemory, ScoringRules, quoted

_BATCH: Final = 20_000
_HEADER_LIMIT: Final = 4096


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


@dataclass(slots=True)
class _Work:
    """One run over one file."""

    lines: _Lines
    listener: Listener
    memory: ScoringMemory
    rows: int = 0
    invalid: int = 0


def derive_file(source: Path, target: Path, *, rules: ScoringRules, listener: Listener) -> BulkReport:
    """Derive every row of `source` by the rules, and write `target` whole or not at all.

    Raises `BulkFileError` when the input is not what it should be (missing, not UTF-8, another
    header, broken quotes) or the output cannot be written. Invalid rows are rows like any other.
    """
    try:
        _check_target(source, target)
        with source.open("rb") as stream, _atomically(target) as out:
            listener.started(os.fstat(stream.fileno()).st_size)
            work = _Work(lines=_Lines(stream), listener=listener, memory=ScoringMemory.of(rules))
            _check_header(work.lines, rules.header)
            _derive_all(work, out)
    except OSError as error:
        raise BulkFileError(_os_sentence(error, source, target)) from error
    return BulkReport(rows=work.rows, invalid=work.invalid)


def _derive_all(work: _Work, out: TextIO) -> None:
    lines, before = work.lines, 0
    out.write(work.memory.rules.header_out)
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
    heads, tails, width = work.memory.heads, work.memory.tails, work.memory.width
    rows: list[str] = []
    for line in islice(work.lines, _BATCH):
        identifier, _separator, answers = line.partition(";")
        suffix = heads.get(answers[:width], NOTHING).get(tails.get(answers[width:]))
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
    scored = work.memory.score(cells)
    if scored.reason:
        work.invalid += 1
        work.listener.invalid(number, scored.reason)
    return quoted(identifier) + scored.suffix


def _without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _check_header(lines: _Lines, expected: list[str]) -> None:
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


def _not_utf8(line: int) -> str:
    msg = _("Regel %(line)d is geen UTF-8. Sla het bestand op als CSV met UTF-8 en probeer het opnieuw.")
    return msg % {"line": line}


def _os_sentence(error: OSError, source: Path, target: Path) -> str:
    if error.filename == str(source):
        msg = _("%(path)s is niet te lezen. Controleer of het bestand bestaat en of je het mag openen.")
        return msg % {"path": source}
    msg = _("%(path)s is niet te schrijven. Controleer de map, je rechten en de vrije ruimte.")
    return msg % {"path": target}
