"""What may be shown of small numbers, and that nothing hidden can be worked out from it."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.population.figures import Suppressed, suppress

counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 40), max_size=16)
thresholds = st.integers(2, 15)


def test_it_hides_a_count_under_the_threshold_and_zero_too() -> None:
    safe = suppress({"a": 9, "b": 10, "c": 0, "d": 500}, 10)
    assert safe.counts == {"a": None, "b": 10, "c": None, "d": 500}


def test_it_shows_the_total_while_nothing_is_hidden() -> None:
    assert suppress({"a": 10, "b": 12}, 10).total == 22


def test_it_hides_the_total_beside_one_hidden_count() -> None:
    assert suppress({"a": 4, "b": 12}, 10).total is None


def test_it_shows_the_total_beside_two_hidden_counts() -> None:
    assert suppress({"a": 4, "b": 2, "c": 12}, 10).total == 18


@pytest.mark.parametrize("each", [0, 9])
def test_it_hides_the_total_that_leaves_only_one_way_to_fill_the_hidden_counts(each: int) -> None:
    assert suppress({"a": each, "b": each, "c": 12}, 10).total is None


def test_it_refuses_a_threshold_that_protects_nobody() -> None:
    with pytest.raises(ValueError, match="1"):
        suppress({"a": 4}, 1)


@given(counts, thresholds)
def test_it_changes_no_count_that_it_shows(counts: dict[str, int], threshold: int) -> None:
    safe = suppress(counts, threshold)
    assert safe.counts.keys() == counts.keys()
    for code, shown in safe.counts.items():
        assert shown == (counts[code] if counts[code] >= threshold else None)
    assert safe.total in {None, sum(counts.values())}


@given(counts, thresholds)
def test_no_hidden_count_follows_from_the_total(counts: dict[str, int], threshold: int) -> None:
    safe = suppress(counts, threshold)
    hidden = [code for code, shown in safe.counts.items() if shown is None]
    if safe.total is None or not hidden:
        return
    left = safe.total - sum(shown for shown in safe.counts.values() if shown is not None)
    others_most = (len(hidden) - 1) * (threshold - 1)
    lowest, highest = max(0, left - others_most), min(threshold - 1, left)
    assert lowest < highest


@pytest.mark.parametrize("threshold", [2, 3, 4])
@pytest.mark.parametrize("cells", [1, 2, 3, 4])
def test_no_hidden_count_can_be_recovered_even_by_who_knows_the_rule(cells: int, threshold: int) -> None:
    """Over all tables: what gives one and the same output leaves each hidden count two values or more."""
    alike: dict[tuple[tuple[int | None, ...], int | None], set[tuple[int, ...]]] = defaultdict(set)
    for table in product(range(threshold + 2), repeat=cells):
        alike[_shown(suppress({str(at): count for at, count in enumerate(table)}, threshold))].add(table)
    for (shown, _total), tables in alike.items():
        for at, count in enumerate(shown):
            if count is None:
                assert len({table[at] for table in tables}) > 1


def _shown(safe: Suppressed) -> tuple[tuple[int | None, ...], int | None]:
    return tuple(safe.counts.values()), safe.total
