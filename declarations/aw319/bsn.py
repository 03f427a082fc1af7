"""The 11-test on a BSN as it stands in a record."""

from __future__ import annotations

from operator import mul
from typing import Final

DUMMY: Final = b"999999999"
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# What nine digits "0" add up to: the weights are laid on the bytes as they stand.
_NOTHING: Final = ord("0") * sum(_WEIGHTS)


def passes_eleven_test(bsn: bytes) -> bool:
    """Nine digits, weighted 9 to 2 and -1, whose sum divides by 11."""
    return len(bsn) == len(_WEIGHTS) and (sum(map(mul, _WEIGHTS, bsn)) - _NOTHING) % 11 == 0


def is_accepted(bsn: bytes) -> bool:
    """True for a BSN that passes, and for the one dummy of the standard, which does not pass."""
    return bsn == DUMMY or passes_eleven_test(bsn)
