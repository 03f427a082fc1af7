"""How long a profile holds, and its place among the other profiles of a client. Pure: no clock, no database.

Periods are half-open [first day, until); an `until` of None means: until a successor comes.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from profiles.schema.terms import Terms
from questionnaires.instruments.definition import age_on, birthday


@dataclass(frozen=True, slots=True)
class TimelineSpan:
    """A profile on the line of days of one client. `key` is the caller's own name for it."""

    key: int
    first_day: date
    until: date | None


def own_end(terms: Terms, *, first_day: date, date_of_birth: date) -> date | None:
    """The day on which a profile ends by itself: after its number of days, or on the birthday it names."""
    lasts = None if terms.lasts_days is None else first_day + timedelta(days=terms.lasts_days)
    return earliest(lasts, None if terms.age_below is None else birthday(date_of_birth, terms.age_below))


def contradicts_age(terms: Terms, *, first_day: date, date_of_birth: date) -> bool:
    """Tell whether a profile and a date of birth contradict each other.

    An answer that follows from the age would have been another one on the first day.
    """
    age = age_on(date_of_birth, first_day)
    is_too_young = terms.age_from is not None and age < terms.age_from
    return is_too_young or (terms.age_below is not None and age >= terms.age_below)


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


def reassess_from(terms: Terms, *, first_day: date, months: int) -> date | None:
    """From which day a profile asks for reassessment; asking is not expiring.

    One that ends by itself does not ask; others ask after their own number of months, or else after that
    of the organisation.
    """
    if terms.ends_by_itself:
        return None
    own = terms.asks_after_months
    return add_months(first_day, months if own is None else own)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
