"""Agreement between raters: coefficients with their 95 % intervals. Pure.

Ratings of one question are a table of counts: a row for each subject with at least two ratings, a column for
each category in its order, in it how many raters chose that. Subjects need not have the same raters, nor the
same number of them. Who rated what is asked for by Cohen's kappa only, as pairs of categories.

Sources: K.L. Gwet, Handbook of Inter-Rater Reliability, 4th ed., 2014 (agreement, Fleiss, AC1 and AC2 with
their linearised variances); J.L. Fleiss, J. Cohen and B.S. Everitt, Psychological Bulletin 72, 1969 (the
variance of weighted kappa); K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Numbers = NDArray[np.float64]
Disagreement = Callable[[Numbers], Numbers]

CONFIDENCE: Final = 0.95
#: Below this what chance leaves over is nothing but rounding: everybody says the same.
_NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient and its bounds; None is what does not exist, as a kappa where all say the same."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


NONE: Final = Estimate()


def unordered(categories: int) -> Numbers:
    """Return the weights by which only the same category agrees."""
    return np.eye(categories)


def linear(categories: int) -> Numbers:
    """Return the weights of ordered categories: the nearer two stand, the more they agree."""
    places = np.arange(categories, dtype=np.float64)
    nearness: Numbers = 1 - np.abs(places[:, None] - places) / max(1, categories - 1)
    return nearness


def agreement(counts: Numbers) -> Estimate:
    """Return the share of pairs of raters that agree, averaged over subjects."""
    if not len(counts):
        return NONE
    shares = _agreeing(counts, unordered(counts.shape[1]))
    return _with_bounds(float(shares.mean()), _variance(shares), len(counts), least=0.0)


def fleiss(counts: Numbers) -> Estimate:
    """Return Fleiss' kappa, for any number of raters."""
    if not len(counts):
        return NONE
    weights, shares = unordered(counts.shape[1]), _shares(counts)
    prevalence = shares.mean(axis=0)
    expected = float(prevalence @ weights @ prevalence)
    return _corrected(counts, weights, expected, by_chance=shares @ (weights @ prevalence))


def gwet(counts: Numbers, weights: Numbers) -> Estimate:
    """Return Gwet's AC1 (weights: `unordered`) or AC2, which hold out where one category is rare."""
    categories = counts.shape[1]
    if not len(counts) or categories == 1:
        return NONE
    shares = _shares(counts)
    prevalence = shares.mean(axis=0)
    scale = float(weights.sum()) / (categories * (categories - 1))
    expected = scale * float((prevalence * (1 - prevalence)).sum())
    return _corrected(counts, weights, expected, by_chance=scale * (shares @ (1 - prevalence)))


def cohen(pairs: NDArray[np.int64], weights: Numbers) -> Estimate:
    """Return Cohen's kappa of two raters, weighted or not; `pairs` has a row for each subject."""
    if not len(pairs):
        return NONE
    table = np.zeros(weights.shape)
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1 / len(pairs))
    first, second = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float((weights * table).sum()), float(first @ weights @ second)
    if 1 - expected < _NOTHING:
        return NONE
    kappa = (observed - expected) / (1 - expected)
    means = (weights @ second)[:, None] + (weights.T @ first)[None, :]
    squares = float((table * (weights - (1 - kappa) * means) ** 2).sum())
    rest = (observed - 2 * (1 - kappa) * expected) ** 2
    return _with_bounds(kappa, (squares - rest) / (len(pairs) * (1 - expected) ** 2), len(pairs))


def alpha(counts: Numbers, disagreement: "Disagreement | None" = None) -> Estimate:
    """Return Krippendorff's alpha; `disagreement` makes the squared distances from how often each was chosen.

    Its bounds are those of the jackknife: each subject is left out once.
    """
    distances = disagreement or nominal_distances
    if not len(counts):
        return NONE
    of_each = _coincidences(counts)
    whole = _alpha(of_each.sum(axis=0), distances)
    if whole is None:
        return NONE
    without = [_alpha(of_each.sum(axis=0) - one, distances) for one in of_each]
    if len(counts) == 1 or None in without:
        return Estimate(whole)
    values, count = np.array(without, dtype=float), len(counts)
    return _with_bounds(whole, (count - 1) / count * float(((values - values.mean()) ** 2).sum()), count)


def nominal_distances(chosen: Numbers) -> Numbers:
    """Return 1 between any two categories, 0 within one."""
    return 1 - np.eye(len(chosen))


def ordinal_distances(chosen: Numbers) -> Numbers:
    """Return how many choices lie from the one category to the other, both counted half, squared."""
    middles = np.cumsum(chosen) - chosen / 2
    squares: Numbers = (middles[:, None] - middles) ** 2
    return squares


def _alpha(coincidences: Numbers, distances: Disagreement) -> float | None:
    chosen = coincidences.sum(axis=0)
    squares = distances(chosen)
    expected = float(chosen @ squares @ chosen) / max(1.0, float(chosen.sum()) - 1)
    if expected < _NOTHING:
        return None
    return 1 - float((coincidences * squares).sum()) / expected


def _coincidences(counts: Numbers) -> Numbers:
    """For each subject: how often each two categories were paired, each rating weighing as one."""
    number = counts.sum(axis=1)[:, None, None]
    paired = counts[:, :, None] * counts[:, None, :]
    own = np.einsum("ij,jk->ijk", counts, np.eye(counts.shape[1]))
    together: Numbers = (paired - own) / (number - 1)
    return together


def _shares(counts: Numbers) -> Numbers:
    shares: Numbers = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _agreeing(counts: Numbers, weights: Numbers) -> Numbers:
    """For each subject the share of its pairs of raters that agree, as far as the weights say so."""
    number = counts.sum(axis=1)
    agreeing: Numbers = (counts * (counts @ weights.T - 1)).sum(axis=1) / (number * (number - 1))
    return agreeing


def _corrected(counts: Numbers, weights: Numbers, expected: float, *, by_chance: Numbers) -> Estimate:
    """Agreement beyond chance, of which each subject has its part; `by_chance`: its part of the expected."""
    if 1 - expected < _NOTHING:
        return NONE
    each = (_agreeing(counts, weights) - expected) / (1 - expected)
    value = float(each.mean())
    linearised = each - 2 * (1 - value) * (by_chance - expected) / (1 - expected)
    count = len(counts)
    squares = float(((linearised - value) ** 2).sum())
    return _with_bounds(value, squares / (count * (count - 1)) if count > 1 else None, count)


def _variance(values: Numbers) -> float | None:
    """Of their mean; None of a single one."""
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else None


def _with_bounds(value: float, variance: float | None, subjects: int, *, least: float = -1.0) -> Estimate:
    if variance is None or subjects == 1:
        return Estimate(value)
    reach = float(stdtrit(subjects - 1, (1 + CONFIDENCE) / 2)) * float(np.sqrt(max(0.0, variance)))
    return Estimate(value, max(least, value - reach), min(1.0, value + reach))
