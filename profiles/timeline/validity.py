"""How long a profile holds, and its place among the other profiles of a client. Pure: no clock, no database.

Periods are half-open [first day, until); an `until` of None means: until a successor comes.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from questionnaires.instruments.definition import age_on, birthday

TEMPORARY, CHILD, TERMINAL = "TIJDELIJK", "MKT", "PTZ"
TEMPORARY_DAYS = 28
TERMINAL_MONTHS = 3
ADULT = 18


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """A profile on the line of days of one client. `key` is the caller's own name for it."""

    key: int
    first_day: date
    until: date | None


def own_end(code: str, *, first_day: date, date_of_birth: date) -> date | None:
    """The day on which a profile ends by itself: TIJDELIJK after 28 days, MKT on the 18th birthday."""
    if code == TEMPORARY:
        return first_day + timedelta(days=TEMPORARY_DAYS)
    if code == CHILD:
        return birthday(date_of_birth, ADULT)
    return None


def contradicts_age(code: str, *, first_day: date, date_of_birth: date) -> bool:
    """Tell whether a profile and a date of birth contradict each other.

    Q1 beats every other answer: MKT is of who is younger than 18 on its first day, all others are not.
    """
    return (code == CHILD) != (age_on(date_of_birth, first_day) < ADULT)


def settled(spans: Sequence[TimelineSpan]) -> list[TimelineSpan]:
    """The spans by first day, each ended where its successor starts, unless it ends earlier by itself.

    No two may have the same first day. Whatever the order in which they came, the outcome is the same.
    """
    ordered = sorted(spans, key=lambda span: span.first_day)
    successors = [*(span.first_day for span in ordered[1:]), None]
    return [
        replace(span, until=earliest(span.until, successor))
        for span, successor in zip(ordered, successors, strict=False)
    ]


def earliest(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends, where None is never."""
    return min((day for day in (one, other) if day is not None), default=None)


def reassess_from(code: str, *, first_day: date, months: int) -> date | None:
    """From which day a profile asks for reassessment; asking is not expiring.

    PTZ asks after 3 months; TIJDELIJK and MKT do not ask, they end; others ask after the
    organisation's number of months.
    """
    if code in {TEMPORARY, CHILD}:
        return None
    return add_months(first_day, TERMINAL_MONTHS if code == TERMINAL else months)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
