"""Waiting before something is tried again."""

from datetime import timedelta

import pytest

from care.backoff import pause_after

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16)])
def test_it_is_twice_as_long_each_time(attempts: int, seconds: int) -> None:
    assert pause_after(attempts, first=SECOND) == seconds * SECOND


def test_it_is_never_longer_than_somebody_waits() -> None:
    assert pause_after(3, first=SECOND, factor=4, longest=9 * SECOND) == 9 * SECOND
    assert pause_after(200, first=SECOND) == timedelta(days=1)
