"""What management commands share: exit codes, refusals, reading CSV files, a progress bar.

Exit 0: done. 1: refused or errors found, nothing changed, reasons on stderr. 2: cannot be read, wrong use.
"""

import csv
import errno
import os
import re
import sys
from abc import abstractmethod
from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from tqdm import tqdm

from care.schema.models import Insurer, Organisation
from care.tenancy import scope
from care.tenancy.keys import WrongKeysError, confirm_keys

DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CommandRefused(Exception):  # noqa: N818 - read as a sentence: raise Refusal(reasons)
    """The work is refused: nothing changes. `reasons` are Dutch sentences, one per line of stderr."""

    exit_code = 1

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class Unreadable(CommandRefused):
    """What was given cannot be read, or the command is used wrongly."""

    exit_code = 2


class ImportProblems:
    """Collects what is wrong with lines of a file, so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, sentence: str) -> None:
        """Note a problem; lines are counted from 1, the header included."""
        self._found.append((line, sentence))

    def refuse_if_any(self) -> None:
        """Raise Refusal with every problem in the order of the file, if there is one."""
        if self._found:
            raise CommandRefused(*(in_line(line, sentence) for line, sentence in self._in_order()))

    def _in_order(self) -> list[tuple[int, str]]:
        return sorted(self._found, key=lambda problem: problem[0])


def in_line(line: int, sentence: str) -> str:
    """Return the sentence with its line number before it."""
    return _("regel %(line)d: %(sentence)s") % {"line": line, "sentence": sentence}


class ShellCommand(BaseCommand):
    """A thin shell: carry_out() calls services; a Refusal becomes lines on stderr and an exit code."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry out, or say why not on stderr and leave with the exit code of the contract."""
        try:
            confirm_keys()
            self.carry_out(**options)
        except WrongKeysError as error:
            self._leave([str(error)], CommandRefused.exit_code)
        except CommandRefused as refusal:
            self._leave(refusal.reasons, refusal.exit_code)
        except ValidationError as error:
            self._leave(error.messages, CommandRefused.exit_code)

    def _leave(self, reasons: Iterable[str], exit_code: int) -> NoReturn:
        for reason in reasons:
            self.stderr.write(reason)
        sys.exit(exit_code)

    @abstractmethod
    def carry_out(self, **options: Any) -> None:
        """Do the work. Raises Refusal, or ValidationError from a service; both end with the same shape."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of data of a CSV file: the number of its first line, and a cell per column."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An open UTF-8 CSV file with `;`, of which the first line was read: a pipe is read once."""

    header: tuple[str, ...]
    reader: Any

    def rows(
        self, columns: Sequence[str], problems: ImportProblems, *, extra: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Yield the rows as read_rows does; only once. Raises Unreadable."""
        if self.header not in ((*columns,), (*columns, *extra)):
            raise Unreadable(
                _("De eerste regel van het bestand hoort te zijn: %(header)s") % {"header": ";".join(columns)}
            )
        try:
            yield from _rows(self.reader, len(self.header), problems)
        except csv.Error as error:
            raise _unreadable(self.reader) from error


@contextmanager
def opened_csv(path: Path) -> Iterator[CsvFile]:
    """Open a UTF-8 CSV file with `;` for the work inside. Raises Unreadable as read_rows does."""
    with _opened(path) as lines:
        yield _begun(lines)


def read_rows(
    path: Path, columns: Sequence[str], problems: ImportProblems, *, extra: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield the rows of a UTF-8 CSV file with `;` and exactly this header, one at a time.

    All of the `extra` columns may follow, or none: that shows in the number of cells.
    Empty lines are passed over; a row with another number of cells is noted in problems and passed over.
    Raises Unreadable for a file that cannot be opened, is no UTF-8 or no CSV, or has another header.
    """
    with opened_csv(path) as file:
        yield from file.rows(columns, problems, extra=extra)


def rows_of(file: Iterable[bytes], columns: Sequence[str], problems: ImportProblems) -> Iterator[Row]:
    """Yield the rows of an open file as read_rows does; for uploads. Raises Unreadable."""
    with progress(0) as bar:
        yield from _begun(_decoded(iter(file), bar)).rows(columns, problems)


def _begun(lines: Iterator[str]) -> CsvFile:
    reader = csv.reader(lines, delimiter=";", strict=True)
    try:
        return CsvFile(tuple(next(reader, ())), reader)
    except csv.Error as error:
        raise _unreadable(reader) from error


def _unreadable(reader: Any) -> Unreadable:
    reason = _("dit is geen geldige CSV; kijk naar de aanhalingstekens en de regeleinden.")
    return Unreadable(in_line(reader.line_num, reason))


def _rows(reader: Any, width: int, problems: ImportProblems) -> Iterator[Row]:
    first_line = reader.line_num + 1
    for cells in reader:
        if len(cells) == width:
            yield Row(first_line, tuple(cells))
        elif cells:
            problems.add(
                first_line,
                _("%(found)d kolommen in plaats van %(wanted)d.") % {"found": len(cells), "wanted": width},
            )
        first_line = reader.line_num + 1


def what_failed(error: OSError) -> str:
    """Return in words why a file cannot be used; what is rare, as the system says it."""
    known = {
        errno.ENOENT: _("het bestand of de map bestaat niet"),
        errno.ENOTDIR: _("de map bestaat niet"),
        errno.EISDIR: _("het is een map"),
        errno.EACCES: _("je hebt er geen rechten voor"),
        errno.EROFS: _("er kan daar niets worden geschreven"),
        errno.ENOSPC: _("de schijf is vol"),
    }
    number = error.errno or 0
    return known.get(number) or os.strerror(number)


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(
            _("%(path)s kan niet worden gelezen: %(reason)s.") % {"path": path, "reason": what_failed(error)}
        ) from error
    with file, progress(path.stat().st_size) as bar:
        yield _decoded(file, bar)


def _decoded(file: Iterator[bytes], bar: "tqdm[NoReturn]") -> Iterator[str]:
    for number, raw in enumerate(file, start=1):
        bar.update(len(raw))
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            reason = _("dit is geen UTF-8. Sla het bestand op als CSV met UTF-8.")
            # The cause is left out: it holds the bytes of the line.
            raise Unreadable(in_line(number, reason)) from None


def progress(total: int, *, unit: str = "B") -> "tqdm[NoReturn]":
    """Return a progress bar on stderr, shown only where that is a terminal; use it in a `with`."""
    return tqdm(total=total, unit=unit, unit_scale=True, leave=False, disable=None)


@contextmanager
def organisation_scope(agb: str) -> Iterator[Organisation]:
    """Do the work inside in one transaction in the scope of the organisation with this AGB-code.

    Raises Refusal when there is none.
    """
    organisation = Organisation.objects.filter(agb=agb).first()
    if organisation is None:
        raise CommandRefused(
            _("Er is geen organisatie met AGB-code %(agb)s. Voeg haar toe met add_organisation.")
            % {"agb": agb}
        )
    with scope.organisation(organisation.pk):
        yield organisation


def insurer_by_uzovi(uzovi: str) -> Insurer:
    """Return the insurer with this number. Raises Refusal when there is none."""
    insurer = Insurer.objects.filter(uzovi=uzovi).first()
    if insurer is None:
        raise CommandRefused(
            _("Er is geen zorgverzekeraar met UZOVI-nummer %(uzovi)s. Voeg hem toe met add_insurer.")
            % {"uzovi": uzovi}
        )
    return insurer


def parse_date(text: str) -> date:
    """Return a date written as YYYY-MM-DD. Raises ValueError for anything else."""
    if not DATE_SHAPE.fullmatch(text):
        raise ValueError(DATE_SHAPE.pattern)
    return date.fromisoformat(text)


def date_argument(text: str) -> date:
    """Return the date of a command line argument; argparse says what is wrong and leaves with 2."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise ArgumentTypeError(_("schrijf een datum als JJJJ-MM-DD")) from error


def agb_argument(text: str) -> str:
    """Return the AGB-code of a command line argument; argparse says what is wrong and leaves with 2."""
    return _digits(text, 8, _("een AGB-code heeft 8 cijfers"))


def uzovi_argument(text: str) -> str:
    """Return the UZOVI number of a command line argument; argparse says what is wrong and leaves with 2."""
    return _digits(text, 4, _("een UZOVI-nummer heeft 4 cijfers"))


def _digits(text: str, length: int, sentence: str) -> str:
    if len(text) != length or not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(sentence)
    return text
