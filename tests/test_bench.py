"""How figures are judged: by counts and ratios, never by the time or rate of one machine."""

import pytest

from tests.bench.figures import OF_ONE_MACHINE, Figure


@pytest.mark.parametrize("unit", sorted(OF_ONE_MACHINE))
@pytest.mark.parametrize("limit", ["most", "least"])
def test_a_time_or_rate_has_no_limit(unit: str, limit: str) -> None:
    assert Figure("a page", 1.0, unit).is_good
    with pytest.raises(ValueError, match="a page"):
        Figure("a page", 1.0, unit, **{limit: 1.0})


def test_a_ratio_is_judged_on_both_sides() -> None:
    assert Figure("a page, times a bare view", 2.5, "x", most=2.5).is_good
    assert not Figure("a page, times a bare view", 2.6, "x", most=2.5).is_good
    assert not Figure("throughput kept", 80.0, "%", least=90.0).is_good
