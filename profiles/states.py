"""How it stands with the profile of a client today: none, running out, up to date, or due. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from profiles.timeline import CHILD, TEMPORARY, TEMPORARY_DAYS, reassess_from


class State(StrEnum):
    """The four answers to "does this client have a profile?", most urgent first."""

    NONE = "none"
    TEMPORARY = "temporary"
    DUE = "due"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class LatestProfile:
    """What is needed of the standing profile that began last."""

    code: str
    first_day: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ClientState:
    """The state of one client on a day.

    `code` is the profile in force, and `days_left` how long it still holds where that is settled.
    `due_since` is the day from which reassessment is asked (also when it lies ahead). `lapsed` holds the
    code of a profile that ran out without a successor, `lapsed_on` the first day without.
    """

    state: State
    code: str = ""
    first_day: date | None = None
    days_left: int | None = None
    due_since: date | None = None
    lapsed: str = ""
    lapsed_on: date | None = None


def state_on(day: date, latest: LatestProfile | None, *, reassess_months: int) -> ClientState:
    """Judge the standing profile that began last, on or before the day."""
    if latest is None:
        return ClientState(State.NONE)
    if latest.until is not None and latest.until <= day:
        return ClientState(State.NONE, lapsed=latest.code, lapsed_on=latest.until)
    due = reassess_from(latest.code, first_day=latest.first_day, months=reassess_months)
    return ClientState(
        _state(day, latest, due),
        code=latest.code,
        first_day=latest.first_day,
        days_left=(latest.until - day).days if latest.until else None,
        due_since=due,
    )


def _state(day: date, latest: LatestProfile, due: date | None) -> State:
    if _runs_out(day, latest):
        return State.TEMPORARY
    return State.DUE if due is not None and due <= day else State.CURRENT


def _runs_out(day: date, latest: LatestProfile) -> bool:
    """TIJDELIJK always; MKT in the weeks before the 18th birthday, as long beforehand as TIJDELIJK lasts."""
    if latest.code == TEMPORARY:
        return True
    is_near = latest.until is not None and latest.until - day <= timedelta(days=TEMPORARY_DAYS)
    return latest.code == CHILD and is_near
