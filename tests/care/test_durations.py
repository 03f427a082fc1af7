"""Durations as people say them."""

import pytest

from care.durations import duration, time_spent


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 seconde"),
        (89, "89 seconden"),
        (90, "2 minuten"),
        (3_600, "60 minuten"),
        (93_600, "26 uur"),
        (172_800, "2 dagen"),
        (31_536_000, "365 dagen"),
    ],
)
def test_a_duration_is_said_in_one_unit(seconds: int, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(0, "0 s"), (75, "1 min 15 s"), (7_500, "2 uur 5 min")])
def test_time_spent_is_exact_where_it_is_short(seconds: int, said: str) -> None:
    assert time_spent(seconds) == said
