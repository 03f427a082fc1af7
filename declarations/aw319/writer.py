"""Puts profile records into a file that was checked, and changes nothing else but what follows from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from declarations.aw319.layout import ENCODING, FIELDS
from declarations.aw319.record_builder import Stencil, UnfitError

# 2,048 lines are 639 kB: below the megabyte in which files are stored.
LINES_PER_CHUNK: Final = 2_048
MOST_PERFORMANCES: Final = 999_999
MOST_DETAILS: Final = 9_999_999
_PROFILE_RECORD: Final = Stencil(
    "04",
    ("0402", "0403", "0404", "0405", "0408", "0409", "0414", "0415", "0416", "0417", "0419", "0420", "0431"),
    {"0418": "1", "0427": "D", "0430": "D"},
)


class InsertionRefusedError(ValueError):
    """The records cannot be put in as asked: place, content or limits. Carries no value of a person."""


class TooManyRecordsError(InsertionRefusedError):
    """The file would have more records than its trailer (9904, 9906) can count."""

    def __init__(self) -> None:
        super().__init__("The file would have more records than its trailer can count")


@dataclass(frozen=True, slots=True)
class ProfileRecordFields:
    """What differs between profile records; all other fields are copied from the 02 or fixed.

    `list_code` is 0416, `performance_code` 0417 (1-5 characters), `time_unit` 0419, `performer` 0420 (8
    digits), `reference` 0431 (1-20 characters).
    """

    first_day: date
    last_day: date
    list_code: str
    performance_code: str
    time_unit: str
    performer: str
    reference: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """A profile record to be put after the line with this 1-based number of the original file."""

    after_line: int
    fields: ProfileRecordFields


def write_with_profiles(lines: Iterable[bytes], insertions: Iterable[Insertion]) -> Iterator[bytes]:
    """Yield the new file in chunks of at most 640 kB.

    `lines` are those of a file that the checker accepted, with their line ends; `insertions` come in order of
    line, several behind one line in the order given. A record may only stand behind a 04 or a 98, and not
    between a record and its comments. 0202, 0402 and 9802 behind an insertion and 9904, 9906 rise; a missing
    last CR LF stays missing. Raises InsertionRefusedError; what was yielded until then is to be thrown away.
    """
    return _Writing(insertions).chunks(lines)


class _Writing:
    """The state of one file being written."""

    def __init__(self, insertions: Iterable[Insertion]) -> None:
        self._insertions = iter(insertions)
        self._due = 0
        self._waiting: Insertion | None = None
        self._shift = 0
        self._parent = b""
        self._refused_comment = 0
        self._next()

    def chunks(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        out: list[bytes] = []
        for number, line in enumerate(lines, 1):
            kind = line[:2]
            if kind == b"02":
                self._parent = line
            elif kind == b"98" and number == self._refused_comment:
                raise _refused(number - 1, "it would come between a record and its comment")
            out.append(self._renumbered(line) if self._shift else line)
            if number == self._due:
                out += self._inserted_behind(line)
            if len(out) >= LINES_PER_CHUNK:
                yield from _joined(out)
                out = []
        if self._waiting is not None:
            raise _refused(self._due, "the file has no such line")
        yield from _joined(out)

    def _renumbered(self, line: bytes) -> bytes:
        if line[:2] == b"99":
            return self._trailer(line)
        return b"%b%012d%b" % (line[:2], int(line[2:14]) + self._shift, line[14:])

    def _trailer(self, line: bytes) -> bytes:
        refuse_overflow(line, self._shift)
        performances, details = int(line[14:20]) + self._shift, int(line[26:33]) + self._shift
        return b"%b%06d%b%07d%b" % (line[:14], performances, line[20:26], details, line[33:])

    def _inserted_behind(self, line: bytes) -> Iterator[bytes]:
        """The records due behind this line, which is the line as read."""
        at = self._due
        if line[:2] not in {b"04", b"98"} or not self._parent:
            raise _refused(at, "a profile record only goes behind a record 04 or 98")
        old = int(line[2:14])
        while self._waiting is not None and self._due == at:
            self._shift += 1
            yield profile_record(self._parent, old + self._shift, self._waiting.fields)
            self._next()
        self._refused_comment = at + 1

    def _next(self) -> None:
        self._waiting = next(self._insertions, None)
        line = self._waiting.after_line if self._waiting is not None else 0
        if self._waiting is not None and line < max(self._due, 1):
            raise _refused(line, "the insertions are not in order of line")
        self._due = line


def refuse_overflow(trailer: bytes, added: int) -> None:
    """Raise TooManyRecordsError when a trailer (99) cannot count so many performances more."""
    if int(trailer[14:20]) + added > MOST_PERFORMANCES or int(trailer[26:33]) + added > MOST_DETAILS:
        raise TooManyRecordsError


def profile_record(parent: bytes, number: int, fields: ProfileRecordFields) -> bytes:
    """A 04 record of zero amounts under `parent`, a 02 record, with its line end.

    Raises InsertionRefusedError with the number of the first field that would not pass the checker.
    """
    try:
        record = _PROFILE_RECORD.fill(
            number,
            *(_above(parent, field) for field in ("0203", "0204", "0205", "0224", "0225")),
            f"{fields.first_day:%Y%m%d}",
            f"{fields.last_day:%Y%m%d}",
            fields.list_code,
            fields.performance_code,
            fields.time_unit,
            fields.performer,
            fields.reference,
        )
    except UnfitError as unfit:
        raise InsertionRefusedError(_reason(unfit.field)) from unfit
    if fields.last_day < fields.first_day:
        raise InsertionRefusedError(_reason("0415"))
    return record


def _above(parent: bytes, number: str) -> str:
    return FIELDS[number].of(parent).decode(ENCODING)


def _reason(field: str) -> str:
    return f"Field {field} of a profile record would be refused"


def _joined(lines: list[bytes]) -> Iterator[bytes]:
    if lines:
        yield b"".join(lines)


def _refused(line: int, why: str) -> InsertionRefusedError:
    return InsertionRefusedError(f"No profile record behind line {line}: {why}")
