"""Days and stretches of days, and what is left of one within or without others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def lies_in(day: date, first: date | None, until: date | None) -> bool:
    """Tell whether a day lies in [first, until); None is since ever, or for good."""
    return (first is None or first <= day) and (until is None or day < until)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included."""

    first: date
    last: date

    def meets(self, other: "Span") -> bool:
        """Tell whether at least one day lies in both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Period:
    """Days [first, until); without end where until is None."""

    first: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return lies_in(day, self.first, self.until)

    def part_of(self, span: Span) -> Span | None:
        """Return the days of a span that lie in the period; None where there are none."""
        first = max(self.first, span.first)
        last = span.last if self.until is None else min(span.last, self.until - ONE_DAY)
        return Span(first, last) if first <= last else None


def within(spans: Iterable[Span], periods: Iterable[Period]) -> tuple[Span, ...]:
    """Return the days of spans that lie in at least one period, in order, as stretches that do not touch."""
    known = tuple(periods)
    parts = (period.part_of(span) for span in spans for period in known)
    return joined(part for part in parts if part is not None)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same days as stretches in order of time, of which no two touch."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if found and span.first <= found[-1].last + ONE_DAY:
            found[-1] = Span(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    return tuple(found)


def without(days: Span, taken: Iterable[Span]) -> list[Span]:
    """Return the stretches of days that lie in none of the others, in order of time."""
    left, first = [], days.first
    for span in sorted(taken, key=lambda span: span.first):
        if span.first > days.last:
            break
        if span.first > first:
            left.append(Span(first, span.first - ONE_DAY))
        first = max(first, span.last + ONE_DAY)
    return [*left, Span(first, days.last)] if first <= days.last else left
