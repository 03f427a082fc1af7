"""The 11-test on a BSN as it stands in a record."""

from __future__ import annotations

from typing import Final

DUMMY: Final = b"999999999"
_ZERO: Final = ord("0")
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def passes_eleven_test(bsn: bytes) -> bool:
    """Nine digits, weighted 9 to 2 and -1, whose sum divides by 11."""
    total = sum(weight * (digit - _ZERO) for weight, digit in zip(_WEIGHTS, bsn, strict=True))
    return total % 11 == 0


def is_accepted(bsn: bytes) -> bool:
    """True for a BSN that passes, and for the one dummy of the standard, which does not pass."""
    return bsn == DUMMY or passes_eleven_test(bsn)
