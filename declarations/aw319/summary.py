"""What a correct file says per insured person, kept as plain numbers: 20 bytes a performance."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from declarations.aw319.layout import ENCODING

DUMMY_BSN: Final = "999999999"
_NONE: Final = 0xFFFFFFFF
DEBIT: Final = 1
ZERO: Final = 2
_WIDTH: Final = 5
_NEXT: Final = 4
_FLAG_BITS: Final = 2
_BIRTH_DIFFERS: Final = 1
_TOLD_DECEASED: Final = 2
_DECEASED: Final = b"1"


@dataclass(frozen=True, slots=True)
class PerformanceSummary:
    """One 04 record, without its amounts: only whether tariff, calculated and declared amount are all zero.

    `list_code` is 0416; `performance_code` is 0417 without the spaces behind it. `is_taken_back`: a credit of
    the file takes this debit back whole (same person, same amount), or this is that credit.
    """

    line: int
    first_day: date
    last_day: date
    is_debit: bool
    is_zero: bool
    list_code: str
    performance_code: str
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class InsuredPerson:
    """One insured person (0203, 0204) of a file; number and date of birth stay out of the repr.

    `first_line` is the first 02 of the person, `placement_line` the last 04 or 98 of the last 02 group,
    behind which a profile record belongs. `performer` is 0420 of the last debit performance, None when there
    is none. `date_of_birth` is that of the first 02; `birth_dates_differ` tells that a later 02 has another
    one. `is_told_deceased`: 0223 of any 02 says so. BSN 999999999 stands for people without a number: it may
    be several people in one.
    """

    bsn: str = field(repr=False)
    uzovi: str
    date_of_birth: date = field(repr=False)
    birth_dates_differ: bool
    first_line: int
    placement_line: int
    performer: str
    performances: tuple[PerformanceSummary, ...]
    is_told_deceased: bool = False

    @property
    def has_dummy_bsn(self) -> bool:
        """True for 999999999, which is nobody in particular."""
        return self.bsn == DUMMY_BSN


class PersonTable:
    """The insured persons of a file in order of first appearance; iterating reads them."""

    __slots__ = (
        "_birth",
        "_codes",
        "_current",
        "_first_line",
        "_head",
        "_index",
        "_marks",
        "_performer",
        "_placement",
        "_rows",
        "_tail",
        "_taken_back",
    )

    def __init__(self) -> None:
        self._index: dict[bytes, int] = {}
        self._first_line, self._placement, self._birth = array("I"), array("I"), array("I")
        self._performer, self._head, self._tail = array("I"), array("I"), array("I")
        self._marks = bytearray()
        # A performance is five numbers: line, first day, last day, code and flags, place of the next.
        self._rows = array("I")
        self._codes: dict[bytes, int] = {}
        self._current = 0
        self._taken_back: frozenset[int] = frozenset()

    def open_group(self, line: int, key: bytes, birth: bytes, deceased: bytes) -> bool:
        """A 02 record: `key` is 0203 and 0204, `birth` 0207, `deceased` 0223.

        False when another 02 had another birth date.
        """
        born = int(birth)
        current = self._index.setdefault(key, len(self._index))
        self._current = current
        if current == len(self._birth):
            self._add_person(line, born)
        same = self._birth[current] == born
        if not same:
            self._marks[current] |= _BIRTH_DIFFERS
        if deceased == _DECEASED:
            self._marks[current] |= _TOLD_DECEASED
        return same

    def _add_person(self, line: int, born: int) -> None:
        self._birth.append(born)
        self._first_line.append(line)
        self._placement.append(line)
        self._marks.append(0)
        for column in (self._performer, self._head, self._tail):
            column.append(_NONE)

    def add_performance(
        self, line: int, first_day: bytes, last_day: bytes, code: bytes, performer: bytes, flags: int
    ) -> None:
        """A 04 record under the current 02: `code` is 0416 and 0417, `flags` is DEBIT and ZERO together."""
        current, at = self._current, len(self._rows)
        packed = self._codes.setdefault(code, len(self._codes)) << _FLAG_BITS | flags
        self._rows.extend((line, int(first_day), int(last_day), packed, _NONE))
        tail = self._tail[current]
        if tail == _NONE:
            self._head[current] = at
        else:
            self._rows[tail + _NEXT] = at
        self._tail[current] = at
        self._placement[current] = line
        if flags & DEBIT:
            self._performer[current] = int(performer)

    def add_comment(self, line: int) -> None:
        """A 98 record under the current 02 or its last 04."""
        self._placement[self._current] = line

    def take_back(self, lines: frozenset[int]) -> None:
        """Performances on these lines cancel each other out: debits and the credits that take them back."""
        self._taken_back = lines

    def __len__(self) -> int:
        return len(self._index)

    def __iter__(self) -> Iterator[InsuredPerson]:
        codes = [key.decode(ENCODING) for key in self._codes]
        for key, at in self._index.items():
            performer = self._performer[at]
            yield InsuredPerson(
                bsn=key[:9].decode(),
                uzovi=key[9:].decode(),
                date_of_birth=day_of(self._birth[at]),
                birth_dates_differ=bool(self._marks[at] & _BIRTH_DIFFERS),
                first_line=self._first_line[at],
                placement_line=self._placement[at],
                performer="" if performer == _NONE else f"{performer:08d}",
                performances=tuple(self._performances(self._head[at], codes)),
                is_told_deceased=bool(self._marks[at] & _TOLD_DECEASED),
            )

    def _performances(self, at: int, codes: list[str]) -> Iterator[PerformanceSummary]:
        while at != _NONE:
            line, first_day, last_day, packed, following = self._rows[at : at + _WIDTH]
            code = codes[packed >> _FLAG_BITS]
            yield PerformanceSummary(
                line=line,
                first_day=day_of(first_day),
                last_day=day_of(last_day),
                is_debit=bool(packed & DEBIT),
                is_zero=bool(packed & ZERO),
                list_code=code[:3],
                performance_code=code[3:].rstrip(" "),
                is_taken_back=line in self._taken_back,
            )
            at = following


@lru_cache(maxsize=4096)
def day_of(number: int) -> date:
    """20240131 as a date."""
    return date(number // 10_000, number // 100 % 100, number % 100)
