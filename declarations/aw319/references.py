"""What ties performances of a file together: references (0431), credits (0432), and the same one twice."""

from __future__ import annotations

import base64
import hashlib
from array import array
from collections.abc import Iterator
from typing import Final

LENGTH: Final = 20
PROFILE_PREFIX: Final = "DV"
# Performances compared at once; more means more passes over the same bytes, not more memory.
_PER_PASS: Final = 125_000
_KEY: Final = 13
_NOBODY: Final = b"0" * _KEY
_ANYBODY: Final = b"9" * 9
# 0429, 0430 and 0431 stand side by side.
_WIDTH: Final = 29
_AMOUNT: Final = 8
_DEBIT: Final = ord("D")
_NO_AMOUNT: Final = b" " * _AMOUNT
# What is found where a credit takes back a debit of the same person and amount; nothing: other care.
_WHOLE: Final = frozenset({"credit.same_file", ""})


class References:
    """Remembers every performance of a file in 45 bytes, and every record 02 in 13.

    References that occur twice are found exactly. Whose a performance is and what (0414-0420) is kept as a
    fingerprint of 64 bits: in a file of 400,000 two that differ look the same once in 10**8 files, a warning
    too many.
    """

    __slots__ = (
        "_bytes",
        "_credits",
        "_earlier",
        "_group",
        "_groups",
        "_keys",
        "_lines",
        "_person_print",
        "_prints",
        "_taken_back",
    )

    def __init__(self) -> None:
        self._bytes, self._keys, self._earlier = bytearray(), bytearray(_NOBODY), bytearray()
        self._lines, self._groups, self._prints = array("I"), array("I"), array("q")
        self._credits = array("I")
        self._group = self._person_print = 0
        self._taken_back: set[int] = set()

    def open_group(self, key: bytes) -> None:
        """A record 02: 0203 and 0204 of whose performances follow; zeros when it cannot be read."""
        self._keys += key
        self._group += 1
        self._person_print = 0 if key == _NOBODY or key.startswith(_ANYBODY) else hash(key)

    def add(self, record: bytes, line: int) -> None:
        """Remember the 04 record on this line, whose fields are right."""
        self._bytes += record[185:214]
        self._lines.append(line)
        self._groups.append(self._group)
        person = self._person_print
        self._prints.append(hash(record[105:143]) ^ person if person else line)
        if record[193:194] == b"C":
            self._add_credit(record)

    def add_in_part(self, record: bytes, line: int, bad: frozenset[str]) -> None:
        """Remember of a 04 record with wrong fields what can be believed."""
        if "0431" in bad:
            return
        amount = record[185:194] if bad.isdisjoint(("0429", "0430")) else _NO_AMOUNT + b" "
        self._bytes += amount + record[194:214]
        self._lines.append(line)
        self._groups.append(0)
        self._prints.append(line)
        if record[193:194] == b"C" and "0432" not in bad:
            self._add_credit(record)

    def _add_credit(self, record: bytes) -> None:
        self._earlier += record[214:234]
        self._credits.append(len(self._lines) - 1)

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """Pairs (line, first line with the same reference), not in the order of the file."""
        passes = 1 + len(self._lines) // _PER_PASS
        content = bytes(self._bytes)
        for part in range(passes):
            first_lines: dict[bytes, int] = {}
            for line, at in zip(self._lines, range(9, len(content), _WIDTH), strict=True):
                reference = content[at : at + LENGTH]
                if passes > 1 and hash(reference) % passes != part:
                    continue
                first = first_lines.setdefault(reference, line)
                if first != line:
                    yield line, first

    @property
    def taken_back(self) -> frozenset[int]:
        """The lines of debits that a credit of the file takes back whole, and of those credits.

        Known once wrong_credits() has been gone through.
        """
        return frozenset(self._taken_back)

    def wrong_credits(self) -> Iterator[tuple[int, str, int]]:
        """Credits that are wrong by what they name in 0432: (line, rule, the other line)."""
        passes = 1 + len(self._credits) // _PER_PASS if self._credits else 0
        for part in range(passes):
            naming: dict[bytes, int] = {}
            yield from self._taken_back_twice(part, passes, naming)
            yield from self._of_this_file(naming)

    def _taken_back_twice(
        self, part: int, passes: int, naming: dict[bytes, int]
    ) -> Iterator[tuple[int, str, int]]:
        """Fill `naming` with the first credit of each reference; the later ones are found."""
        for number, index in enumerate(self._credits):
            earlier = bytes(self._earlier[number * LENGTH : (number + 1) * LENGTH])
            if not earlier.strip(b" ") or hash(earlier) % passes != part:
                continue
            first = naming.setdefault(earlier, index)
            if first != index:
                yield self._lines[index], "credit.twice", self._lines[first]

    def _of_this_file(self, naming: dict[bytes, int]) -> Iterator[tuple[int, str, int]]:
        taken_back = frozenset(self._credits)
        content = bytes(self._bytes)
        for index, line in enumerate(self._lines):
            credit = naming.pop(content[index * _WIDTH + 9 : (index + 1) * _WIDTH], index)
            if credit != index:
                rule = "reference.credit" if index in taken_back else self._judged(credit, index)
                if rule in _WHOLE:
                    self._taken_back |= {self._lines[credit], line}
                if rule:
                    yield self._lines[credit], rule, line

    def _judged(self, credit: int, debit: int) -> str:
        """Tell what is wrong with taking back a debit of this file: nothing where only the care differs."""
        persons, amounts = (
            {of(credit), of(debit)} - {_NOBODY, _NO_AMOUNT} for of in (self._person, self._amount)
        )
        if len(persons) == 2:  # noqa: PLR2004 - two that differ
            return "credit.person"
        if len(amounts) == 2:  # noqa: PLR2004
            return "credit.amount"
        return "credit.same_file" if self._is_alike(credit, debit) else ""

    def _is_alike(self, credit: int, debit: int) -> bool:
        """Tell whether list, code, days, number, unit and performer are the same, or cannot be compared."""
        prints = self._prints[credit], self._prints[debit]
        return prints[0] == prints[1] or prints[1] == self._lines[debit]

    def _person(self, index: int) -> bytes:
        at = self._groups[index] * _KEY
        return bytes(self._keys[at : at + _KEY])

    def _amount(self, index: int) -> bytes:
        return bytes(self._bytes[index * _WIDTH : index * _WIDTH + _AMOUNT])

    def repeats(self) -> Iterator[tuple[int, int]]:
        """Pairs (line, earlier line): the same debit of the same person again, not taken back in between.

        The same are: list, code, days, number, unit and performer; neither the amounts nor the referrer.
        Under BSN 999999999 there may be several people: not looked at.
        """
        passes = 1 + len(self._lines) // _PER_PASS
        for part in range(passes):
            if self._has_repeats(part, passes):
                yield from self._repeats(part, passes)

    def _has_repeats(self, part: int, passes: int) -> bool:
        prints = self._prints if passes == 1 else [one for one in self._prints if one % passes == part]
        return len(set(prints)) < len(prints)

    def _repeats(self, part: int, passes: int) -> Iterator[tuple[int, int]]:
        standing: dict[int, int] = {}
        signs = bytes(self._bytes)[_AMOUNT::_WIDTH]
        for line, what, sign in zip(self._lines, self._prints, signs, strict=True):
            if what % passes != part:
                continue
            if sign != _DEBIT:
                standing.pop(what, None)
            elif (first := standing.setdefault(what, line)) != line:
                yield line, first


def profile_reference(*, agb: str, file: str, person: str, number: int) -> str:
    """0431 of a profile record: `DV` and 18 characters A-Z2-7, always the same for the same four values.

    `file` identifies the declaration file; `person` is an opaque token of the insured person, never the BSN:
    with 90 bits of SHA-256 over few possible numbers a BSN could be found by trying. `number` counts from 1
    within the person. Each part is hashed with its length in front, so that no two combinations run together.
    """
    parts = ("draagvlak 0431", agb, file, person, str(number))
    material = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    letters = base64.b32encode(hashlib.sha256(material).digest()).decode()
    return PROFILE_PREFIX + letters[: LENGTH - len(PROFILE_PREFIX)]
