"""At whom it is time to look again: now, and week by week in the months to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from care.clients import selectors as care
from care.schema.models import Membership
from care.tenancy.compiled_queries import A_DAY, A_NUMBER, A_WHILE, ANOTHER_NUMBER, CompiledQuery, statement
from profiles.timeline import selectors
from profiles.timeline.caseload import Case, cases_of
from profiles.timeline.facts import rules_of
from profiles.timeline.state_texts import why_text
from profiles.timeline.states import ENDS_SOON_DAYS, Moment

WEEK = timedelta(days=7)
#: How many weeks one page of the calendar holds: a quarter.
WEEKS = 13


#: A number of months that nobody settles.
A_MONTH = -1_111
#: `ClientState.is_time` of a latest profile, in the words of the database; tests hold the two side by side.
_WAITS = f"""
    isempty(period) or upper(period) <= %s
    or happened is not null or is_contradicted or returned_on is not null or told_dead_on is not null
    or case
        when lasts_days is not null or age_below is not null then upper(period) - %s <= {ENDS_SOON_DAYS}
        else date + make_interval(months => coalesce(asks_after_months, %s)) <= %s
    end
"""


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Clients who are due for the same kind of reason; `key` names it."""

    key: str
    cases: list[Case]


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A client in the calendar."""

    case: Case
    moment: Moment

    @property
    def text(self) -> str:
        """Why the client is due then."""
        return why_text(self.moment)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the calendar, by its Monday."""

    monday: date
    entries: list[DueEntry]

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + WEEK - timedelta(days=1)

    @property
    def number(self) -> int:
        """Its number in the year, as calendars in the Netherlands count."""
        return self.monday.isocalendar().week


def count_due(membership: Membership, *, day: date) -> int:
    """Count the clients of a membership at whom it is time to look. One query, no names."""
    rules = rules_of(membership.organisation)
    values = {"membership": membership.pk, "organisation": membership.organisation_id}
    away = timedelta(weeks=rules.weeks)
    ((number,),) = _count().rows(**values, day=day, away=away, months=rules.months)
    return int(number)


@cache
def _count() -> CompiledQuery:
    """All clients in care, without those whose latest profile asks for nothing yet."""
    whose = Membership(pk=A_NUMBER, organisation_id=ANOTHER_NUMBER)
    clients = care.clients_of(whose, on=A_DAY).filter(care.in_care(A_DAY)).values("pk")
    latest = selectors.latest_profiles(clients, day=A_DAY, away=A_WHILE)
    all_of_them, several = clients.query.sql_with_params()
    profiles, more = latest.query.sql_with_params()
    waiting = (A_DAY, A_DAY, A_MONTH, A_DAY)
    return statement(
        f"select (select count(*) from ({all_of_them}) c)"  # noqa: S608 - no value in it
        f" - (select count(*) from ({profiles}) p where ({_WAITS}) is not true)",
        (*several, *more, *waiting),
        membership=A_NUMBER,
        organisation=ANOTHER_NUMBER,
        day=A_DAY,
        away=A_WHILE,
        months=A_MONTH,
    )


def due_groups(membership: Membership, *, day: date) -> list[DueGroup]:
    """Return the clients at whom it is time to look, the most urgent kind first; no empty groups."""
    keys = ("death", "age", "event", "asked", "none", "temporary", "due")
    found: dict[str, list[Case]] = {key: [] for key in keys}
    for case in cases_of(membership, day=day):
        if case.state.is_time:
            found[_key(case)].append(case)
    for key in ("death", "event", "asked", "temporary", "due"):
        found[key].sort(key=_since)
    return [DueGroup(key, cases) for key, cases in found.items() if cases]


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


def _entries(cases: Iterable[Case]) -> list[DueEntry]:
    entries = [DueEntry(case, case.state.moment) for case in cases if case.state.moment]
    return sorted(entries, key=lambda entry: entry.moment.day)


def _week(entries: Sequence[DueEntry], monday: date) -> Week:
    return Week(monday, [entry for entry in entries if monday <= entry.moment.day < monday + WEEK])


def _since(case: Case) -> date:
    """The day by which cases of one group are ordered: what waits longest, or ends first."""
    state = case.state
    if state.happened:
        return state.happened.day
    return state.until or state.due_since or date.max
