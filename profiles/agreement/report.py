"""All coefficients of a file of ratings, as rows of a table; see docs/formats.md."""

from collections.abc import Iterator, Sequence
from typing import Final

from profiles.agreement.coefficients import (
    NONE,
    Estimate,
    agreement,
    alpha,
    cohen,
    fleiss,
    gwet,
    linear,
    ordinal_distances,
    unordered,
)
from profiles.agreement.judged import Judged, judged
from profiles.agreement.ratings import Rating
from profiles.bulk.scoring import ScoringRules

COLUMNS: Final = ("vraag", "maat", "waarde", "laag", "hoog", "onderwerpen", "beoordelaars")
_TWO: Final = 2


def rows(ratings: Sequence[Rating], rules: ScoringRules) -> Iterator[tuple[str | int, ...]]:
    """Yield a row for each question and coefficient; what does not exist is empty."""
    for one in judged(ratings, rules):
        people = (len(one.by_subject), len(one.raters))
        for measure, estimate in estimates(one).items():
            numbers = (estimate.value, estimate.low, estimate.high)
            yield (one.name, measure, *map(_written, numbers), *people)


def estimates(one: Judged) -> dict[str, Estimate]:
    """Return every coefficient by its name; those that need an order only where there is one."""
    counts, size = one.counts(), len(one.categories)
    ordered = (lambda make: make()) if one.is_ordered else (lambda _make: NONE)
    of_two = len(one.raters) == _TWO
    return {
        "overeenstemming": agreement(counts),
        "cohen": cohen(one.pairs(), unordered(size)) if of_two else NONE,
        "cohen_gewogen": ordered(lambda: cohen(one.pairs(), linear(size)) if of_two else NONE),
        "fleiss": fleiss(counts),
        "ac1": gwet(counts, unordered(size)),
        "ac2": ordered(lambda: gwet(counts, linear(size))),
        "alpha": alpha(counts),
        "alpha_ordinaal": ordered(lambda: alpha(counts, ordinal_distances)),
    }


def _written(number: float | None) -> str:
    """Ten digits behind the point, and no minus before nothing."""
    return "" if number is None else f"{number + 0.0:.10f}".replace("-0.0000000000", "0.0000000000")
