"""Reference numbers (0431): unique inside a file, and a name space of our own for profile records."""

from __future__ import annotations

import base64
import hashlib
from array import array
from collections.abc import Iterator
from typing import Final

LENGTH: Final = 20
PROFILE_PREFIX: Final = "DV"
# References compared at once; more means more passes over the same bytes, not more memory.
_PER_PASS: Final = 125_000


class References:
    """Remembers every reference of a file in 24 bytes and finds the ones that occur twice, exactly."""

    __slots__ = ("_bytes", "_credits", "_earlier", "_lines")

    def __init__(self) -> None:
        self._bytes, self._earlier = bytearray(), bytearray()
        self._lines, self._credits = array("I"), array("I")

    def add(self, reference: bytes, line: int) -> None:
        """Remember the 20 bytes of 0431 on this line."""
        self._bytes += reference
        self._lines.append(line)

    def add_credit(self, earlier: bytes) -> None:
        """Remember the 20 bytes of 0432 of the credit whose own reference was added last."""
        self._earlier += earlier
        self._credits.append(len(self._lines) - 1)

    def duplicates(self) -> Iterator[tuple[int, int]]:
        """Pairs (line, first line with the same reference), not in the order of the file."""
        passes = 1 + len(self._lines) // _PER_PASS
        content = bytes(self._bytes)
        for part in range(passes):
            first_lines: dict[bytes, int] = {}
            for index, line in enumerate(self._lines):
                reference = content[index * LENGTH : (index + 1) * LENGTH]
                if hash(reference) % passes != part:
                    continue
                first = first_lines.setdefault(reference, line)
                if first != line:
                    yield line, first

    def credits_of_credits(self) -> Iterator[tuple[int, int]]:
        """Pairs (line, other line): a credit that takes back another credit of the file, not a debit."""
        passes = 1 + len(self._credits) // _PER_PASS
        for part in range(passes):
            lines: dict[bytes, int] = {}
            for index in self._credits:
                reference = bytes(self._bytes[index * LENGTH : (index + 1) * LENGTH])
                if hash(reference) % passes == part:
                    lines.setdefault(reference, self._lines[index])
            for number, index in enumerate(self._credits):
                earlier = bytes(self._earlier[number * LENGTH : (number + 1) * LENGTH])
                other = lines.get(earlier, 0)
                if other and other != self._lines[index]:
                    yield self._lines[index], other


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
