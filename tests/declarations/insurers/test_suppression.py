"""What may be shown of small numbers, and that nothing hidden can be worked out from it."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.insurers.figures import Suppressed, suppress

counts = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 40), max_size=16)
thresholds = st.integers(2, 15)


def test_it_hides_a_count_under_the_threshold_and_zero_too() -> None:
    safe = suppress({"a": 9, "b": 10, "c": 0, "d": 500}, 10)
    assert safe.counts == {"a": None, "b": 10, "c": None, "d": 500}


def test_it_shows_the_total_while_nothing_is_hidden() -> None:
    assert suppress({"a": 10, "b": 12}, 10).total == 22


@pytest.mark.parametrize("hidden", [[4], [4, 2], [0, 0], [9, 9], [1, 2, 3]])
def test_it_shows_no_total_beside_a_hidden_count_whatever_it_is(hidden: list[int]) -> None:
    counts = {str(at): count for at, count in enumerate([*hidden, 12])}
    assert suppress(counts, 10).total is None


def test_it_refuses_a_threshold_that_protects_nobody() -> None:
    with pytest.raises(ValueError, match="1"):
        suppress({"a": 4}, 1)


@given(counts, thresholds)
def test_it_changes_no_count_that_it_shows(counts: dict[str, int], threshold: int) -> None:
    safe = suppress(counts, threshold)
    assert safe.counts.keys() == counts.keys()
    for code, shown in safe.counts.items():
        assert shown == (counts[code] if counts[code] >= threshold else None)
    assert safe.total == (None if None in safe.counts.values() else sum(counts.values()))


@pytest.mark.parametrize("threshold", [2, 3, 4])
@pytest.mark.parametrize("cells", [1, 2, 3, 4])
def test_what_is_shown_says_nothing_of_what_is_hidden(cells: int, threshold: int) -> None:
    """Over all tables: what is published is the same for every way to fill the hidden counts."""
    alike: dict[tuple[tuple[int | None, ...], int | None], set[tuple[int, ...]]] = defaultdict(set)
    for table in product(range(threshold + 2), repeat=cells):
        alike[_shown(suppress({str(at): count for at, count in enumerate(table)}, threshold))].add(table)
    for (shown, _total), tables in alike.items():
        possible = [range(threshold) if count is None else [count] for count in shown]
        assert tables == set(product(*possible))


def _shown(safe: Suppressed) -> tuple[tuple[int | None, ...], int | None]:
    return tuple(safe.counts.values()), safe.total
