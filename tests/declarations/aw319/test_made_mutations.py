"""Made files that were tampered with: a sample; a hundred thousand in `python -m tests.bench mutations`."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.declarations.made_mutations import ON_PURPOSE, Made, judged, made_in_file, made_separate

FILES, EACH = 30, 30


@pytest.mark.parametrize("made", [made_in_file, made_separate])
def test_every_change_is_refused_and_only_that(made: Callable[[int], Made]) -> None:
    outcomes = list(judged(made, range(FILES), EACH))
    assert [way for way, _, is_wrong in outcomes if is_wrong] == []
    changed = Counter(way for way, has_changed, _ in outcomes if has_changed)
    assert {change.__name__ for change in ON_PURPOSE} - changed.keys() == {"nothing"}
    assert not all(has_changed for _, has_changed, _ in outcomes)
