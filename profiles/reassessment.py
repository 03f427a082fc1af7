"""At whom it is time to look again: now, and week by week in the months to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from care import selectors as care
from care.models import Membership
from profiles import selectors
from profiles.caseload import Case, cases_of
from profiles.facts import rules_of
from profiles.state_texts import WHY_TEXTS
from profiles.states import Moment

WEEK = timedelta(days=7)
#: How many weeks one page of the calendar holds: a quarter.
WEEKS = 13


@dataclass(frozen=True, slots=True)
class Group:
    """Clients who are due for the same kind of reason; `key` names it."""

    key: str
    cases: list[Case]


@dataclass(frozen=True, slots=True)
class Entry:
    """A client in the calendar."""

    case: Case
    moment: Moment

    @property
    def text(self) -> str:
        """Why the client is due then."""
        return str(WHY_TEXTS[self.moment.why])


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the calendar, by its Monday."""

    monday: date
    entries: list[Entry]

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + WEEK - timedelta(days=1)

    @property
    def number(self) -> int:
        """Its number in the year, as calendars in the Netherlands count."""
        return self.monday.isocalendar().week


def count_due(membership: Membership, *, day: date) -> int:
    """Count the clients of a membership at whom it is time to look. Names are not read."""
    clients = care.clients_of(membership, on=day).filter(care.in_care(day))
    rules = rules_of(membership.organisation)
    states = selectors.states_with_profile(clients, day=day, rules=rules)
    return clients.count() - len(states) + sum(state.is_time for state in states.values())


def due_groups(membership: Membership, *, day: date) -> list[Group]:
    """Return the clients at whom it is time to look, the most urgent kind first; no empty groups."""
    keys = ("death", "age", "event", "asked", "none", "temporary", "due")
    found: dict[str, list[Case]] = {key: [] for key in keys}
    for case in cases_of(membership, day=day):
        if case.state.is_time:
            found[_key(case)].append(case)
    for key in ("death", "event", "asked", "temporary", "due"):
        found[key].sort(key=_since)
    return [Group(key, cases) for key, cases in found.items() if cases]


def _key(case: Case) -> str:
    if case.state.happened is None:
        return case.state.state.value
    if case.state.happened.is_told_dead:
        return "death"
    if case.state.happened.is_contradiction:
        return "age"
    return "asked" if case.state.happened.is_asked else "event"


def weeks(membership: Membership, *, day: date, since: date) -> list[Week]:
    """Return WEEKS weeks from that of `since`, with who becomes due in them as it looks on a day."""
    monday = since - timedelta(days=since.weekday())
    entries = _entries(cases_of(membership, day=day))
    return [_week(entries, monday + number * WEEK) for number in range(WEEKS)]


def _entries(cases: Iterable[Case]) -> list[Entry]:
    entries = [Entry(case, case.state.moment) for case in cases if case.state.moment]
    return sorted(entries, key=lambda entry: entry.moment.day)


def _week(entries: Sequence[Entry], monday: date) -> Week:
    return Week(monday, [entry for entry in entries if monday <= entry.moment.day < monday + WEEK])


def _since(case: Case) -> date:
    """The day by which cases of one group are ordered: what waits longest, or ends first."""
    state = case.state
    if state.happened:
        return state.happened.day
    return state.until or state.due_since or date.max
