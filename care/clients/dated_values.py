"""Changing what holds for a client from a day on, where something holds on every day. Pure.

Spans are half-open; a first day of None is since ever, an `until` of None is for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from care.days import lies_in


@dataclass(frozen=True, slots=True)
class DatedValue:
    """Which value (a team, an insurer) held on which days."""

    value: int
    first_day: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return lies_in(day, self.first_day, self.until)


def changed(history: Sequence[DatedValue], value: int, *, day: date, today: date) -> list[DatedValue]:
    """Return the history with a value from a day on.

    What began after that day and holds or held by today makes way: the person who tells it looks back.
    What is still to begin stays, and ends the new value.
    """
    to_come = [held for held in history if held.first_day is not None and held.first_day > max(day, today)]
    before = [_ended(held, day) for held in history if held.first_day is None or held.first_day < day]
    until = min((held.first_day for held in to_come if held.first_day is not None), default=None)
    return _joined([*before, DatedValue(value, day, until), *to_come])


def value_on(history: Sequence[DatedValue], day: date) -> int:
    """Return the value of a day."""
    return next(held.value for held in history if held.holds_on(day))


def _ended(held: DatedValue, day: date) -> DatedValue:
    return DatedValue(held.value, held.first_day, day if held.until is None else min(held.until, day))


def _joined(history: Sequence[DatedValue]) -> list[DatedValue]:
    """One span where the same value goes on."""
    joined: list[DatedValue] = []
    for held in history:
        if joined and joined[-1].value == held.value:
            joined[-1] = DatedValue(held.value, joined[-1].first_day, held.until)
        else:
            joined.append(held)
    return joined
