"""Coefficients: as published, as libraries of others compute them, and where they do not exist."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from profiles.agreement import coefficients
from profiles.agreement.coefficients import (
    NONE,
    Estimate,
    alpha,
    cohen,
    fleiss,
    gwet,
    linear,
    ordinal_distances,
    unordered,
)
from profiles.agreement.judged import Judged
from profiles.agreement.report import estimates

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("independent.json").read_text("utf-8"))
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), four observers; 0 where one did not judge.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1),
)
# Fleiss, Psychological Bulletin 76 (1971), as worked out in many textbooks: ten subjects, fourteen raters.
FLEISS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def table(rows: Any, categories: int) -> Judged:
    """What raters chose, by subject."""
    by_subject: list[dict[str, tuple[str, ...]]] = [
        {f"rater {rater}": (str(choice),) for rater, choice in enumerate(row) if choice is not None}
        for row in rows
    ]
    return Judged("Q", [(str(code),) for code in range(categories)], True, by_subject)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['ratings'])}x{case['categories']}")
def test_they_are_what_libraries_of_others_find(case: dict[str, Any]) -> None:
    found = estimates(table(case["ratings"], case["categories"]))
    for name, (value, *bounds) in case["found"].items():
        assert found[name].value == pytest.approx(value, abs=1e-9), name
        if bounds:
            assert (found[name].low, found[name].high) == pytest.approx(tuple(bounds), abs=1e-9), name


def test_alpha_is_as_published() -> None:
    rows = [[choice - 1 if choice else None for choice in unit] for unit in zip(*OBSERVERS, strict=True)]
    counts = table(rows, 5).counts()
    values = [alpha(counts).value, alpha(counts, ordinal_distances).value]
    assert values == pytest.approx([0.743, 0.815], abs=5e-4)


def test_fleiss_is_as_published() -> None:
    assert fleiss(np.array(FLEISS, dtype=float)).value == pytest.approx(0.210, abs=5e-4)


def test_kappa_sinks_where_one_answer_is_rare_and_ac1_does_not() -> None:
    """118 times both yes, never both no: Gwet's example of what kappa makes of that."""
    pairs = np.array([(0, 0)] * 118 + [(0, 1)] * 5 + [(1, 0)] * 2)
    counts = np.array([(2.0, 0.0)] * 118 + [(1.0, 1.0)] * 7)
    assert cohen(pairs, unordered(2)).value == pytest.approx(-0.0234, abs=5e-5)
    assert gwet(counts, unordered(2)).value == pytest.approx(0.9408, abs=5e-5)


def test_where_all_say_the_same_kappa_does_not_exist() -> None:
    found = estimates(table([(1, 1, 1)] * 6, 3))
    assert found["overeenstemming"] == Estimate(1.0, 1.0, 1.0)
    assert [found[name] for name in ("fleiss", "alpha", "alpha_ordinaal")] == [NONE] * 3
    assert found["ac1"].value == pytest.approx(1.0)


def test_of_nobody_nothing_exists() -> None:
    assert set(estimates(table([], 3)).values()) == {NONE}


def test_of_one_subject_there_are_no_bounds() -> None:
    found = estimates(table([(0, 1, 1)], 3))
    assert found["overeenstemming"].value == pytest.approx(1 / 3)
    assert [(found[name].low, found[name].high) for name in ("overeenstemming", "fleiss", "alpha")] == [
        (None, None)
    ] * 3


def test_cohen_is_of_exactly_two_raters() -> None:
    found = estimates(table([(0, 1, None), (0, None, 1), (1, 1, None)], 2))
    assert found["cohen"] == found["cohen_gewogen"] == NONE


def test_near_counts_as_half_right() -> None:
    assert linear(3).tolist() == [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    assert coefficients.agreement(np.array([(1.0, 1.0, 0.0)])).value == 0.0
