"""How long profiles hold, and their place among each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.timeline.states import LatestProfile, ProfileState, state_on
from profiles.timeline.validity import TimelineSpan, add_months, own_end, reassess_from, settled
from tests.profiles.dkdl import TERMS

D = date(2024, 3, 1)
BORN = date(2008, 2, 29)


def test_a_temporary_profile_lasts_28_days() -> None:
    assert own_end(TERMS["TIJDELIJK"], first_day=D, date_of_birth=BORN) == date(2024, 3, 29)


def test_a_child_profile_ends_on_the_18th_birthday() -> None:
    assert own_end(TERMS["MKT"], first_day=D, date_of_birth=BORN) == date(2026, 3, 1)


def test_other_profiles_do_not_end_by_themselves() -> None:
    assert own_end(TERMS["PTZ"], first_day=D, date_of_birth=BORN) is None


@given(st.permutations([0, 1, 2, 3]), st.data())
def test_arriving_one_by_one_in_any_order_gives_the_same_as_all_at_once(
    order: list[int], data: st.DataObject
) -> None:
    days = data.draw(st.lists(st.integers(0, 90), min_size=4, max_size=4, unique=True))
    ends = data.draw(st.lists(st.sampled_from([None, 28]), min_size=4, max_size=4))
    spans = [
        TimelineSpan(key, D + timedelta(day), None if end is None else D + timedelta(day + end))
        for key, (day, end) in enumerate(zip(days, ends, strict=True))
    ]
    arrived: list[TimelineSpan] = []
    for position in order:
        arrived = settled([*arrived, spans[position]])
    assert arrived == settled(spans)
    for span, after in pairwise(arrived):
        assert span.until is not None
        assert span.first_day < span.until <= after.first_day


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("DKDL-05", date(2024, 9, 1)),
        ("GEEN", date(2024, 9, 1)),
        ("PTZ", date(2024, 6, 1)),
        ("MKT", None),
        ("TIJDELIJK", None),
    ],
)
def test_reassessment_is_asked_after(code: str, expected: date | None) -> None:
    assert reassess_from(TERMS[code], first_day=D, months=6) == expected


def test_a_month_later_is_never_in_the_month_after() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 5), 12) == date(2024, 12, 5)


def state(code: str, until: date | None, day: date) -> ProfileState:
    return state_on(day, LatestProfile(code, D, until, TERMS[code]), reassess_months=6).state


def test_without_a_profile_the_state_is_none() -> None:
    assert state_on(D, None, reassess_months=6).state is ProfileState.NONE


def test_a_temporary_profile_counts_down_and_then_there_is_none() -> None:
    latest = LatestProfile("TIJDELIJK", D, D + timedelta(28), TERMS["TIJDELIJK"])
    assert state_on(D, latest, reassess_months=6).days_left == 28
    last = state_on(D + timedelta(27), latest, reassess_months=6)
    assert (last.state, last.days_left) == (ProfileState.TEMPORARY, 1)
    after = state_on(D + timedelta(28), latest, reassess_months=6)
    assert (after.state, after.lapsed, after.lapsed_on) == (ProfileState.NONE, "TIJDELIJK", date(2024, 3, 29))
    assert after.code == ""


def test_asking_for_reassessment_is_not_expiring() -> None:
    due = state_on(date(2025, 3, 1), LatestProfile("DKDL-05", D, None, TERMS["DKDL-05"]), reassess_months=6)
    assert (due.state, due.code) == (ProfileState.DUE, "DKDL-05")


def test_it_is_due_on_the_day_itself_and_not_before() -> None:
    assert state("PTZ", None, date(2024, 5, 31)) is ProfileState.CURRENT
    assert state("PTZ", None, date(2024, 6, 1)) is ProfileState.DUE


def test_a_child_profile_runs_out_in_the_weeks_before_the_birthday() -> None:
    assert state("MKT", date(2026, 3, 1), date(2026, 1, 31)) is ProfileState.CURRENT
    assert state("MKT", date(2026, 3, 1), date(2026, 2, 1)) is ProfileState.TEMPORARY
