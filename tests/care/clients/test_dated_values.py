"""What holds from a day on, where something holds on every day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from care.clients.dated_values import DatedValue, changed, value_on

TODAY = date(2026, 3, 10)
START = [DatedValue(1, None, None)]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def test_it_holds_from_its_day_on_and_what_was_before_stays() -> None:
    history = changed(START, 2, day=TODAY, today=TODAY)
    assert history == [DatedValue(1, None, TODAY), DatedValue(2, TODAY, None)]
    assert (value_on(history, day(-1)), value_on(history, TODAY)) == (1, 2)


def test_who_looks_back_overrules_what_came_after_that_day() -> None:
    history = changed(START, 2, day=day(-5), today=TODAY)
    assert changed(history, 3, day=day(-20), today=TODAY) == [
        DatedValue(1, None, day(-20)),
        DatedValue(3, day(-20), None),
    ]


def test_what_is_to_come_stays_and_ends_the_new_value() -> None:
    planned = changed(START, 2, day=day(20), today=TODAY)
    assert changed(planned, 3, day=TODAY, today=TODAY) == [
        DatedValue(1, None, TODAY),
        DatedValue(3, TODAY, day(20)),
        DatedValue(2, day(20), None),
    ]


def test_a_plan_is_taken_back_by_the_old_value_on_that_day() -> None:
    planned = changed(START, 2, day=day(20), today=TODAY)
    assert changed(planned, 1, day=day(20), today=TODAY) == START


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(-30, 30)), max_size=8),
    st.integers(-40, 40),
)
def test_every_day_has_one_value_and_the_last_word_holds_on_its_day(
    words: list[tuple[int, int]], offset: int
) -> None:
    history = START
    for value, since in words:
        history = changed(history, value, day=day(since), today=TODAY)
        assert value_on(history, day(since)) == value
    assert sum(held.holds_on(day(offset)) for held in history) == 1
    assert history[0].first_day is None
    assert history[-1].until is None
    assert all(one.until == other.first_day for one, other in pairwise(history))
    assert all(one.value != other.value for one, other in pairwise(history))
