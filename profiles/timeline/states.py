"""How it stands with the profile of a client today: none, running out, up to date, or due. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from profiles.schema.constants import EventKind, FactKind
from profiles.schema.terms import NO_TERMS, Terms
from profiles.timeline.validity import reassess_from

#: So many days before a profile ends by itself it is time to look again.
ENDS_SOON_DAYS = 7
#: A profile that ends on a birthday runs out in the weeks before: as long as is given to an anamnese.
RUNS_OUT_DAYS = 28


class ProfileState(StrEnum):
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
    terms: Terms


@dataclass(frozen=True, slots=True)
class Happened:
    """An event (EventKind) or a fact (FactKind) that asks on a day for a look, without an anamnese since."""

    kind: str
    day: date

    @property
    def is_asked(self) -> bool:
        """Whether it is a declaration officer who asks for an anamnese."""
        return self.kind == EventKind.DECLARATION

    @property
    def is_contradiction(self) -> bool:
        """Whether an anamnese is to be corrected: it contradicts the date of birth as it is known now."""
        return self.kind == FactKind.AGE

    @property
    def is_told_dead(self) -> bool:
        """Whether a declaration file says that the client died, and nobody answered that yet."""
        return self.kind == FactKind.TOLD_DEAD


class StateReason(StrEnum):
    """Why a client is due on a day."""

    ENDS = "ends"
    ADULT = "adult"
    MODEL = "model"
    PERIOD = "period"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Moment:
    """The day from which a new anamnese is asked, and why; by which profile, and its terms."""

    day: date
    why: StateReason
    code: str = ""
    terms: Terms = NO_TERMS


@dataclass(frozen=True, slots=True)
class ClientState:
    """The state of one client on a day.

    `code` is the profile in force, `until` the first day without where that is settled, and `days_left` how
    long it still holds. `due_since` is the day from which reassessment is asked (also when it lies ahead);
    `happened` is the event that asks for it at once. `lapsed` holds the code of a profile that ran out
    without a successor, `lapsed_on` the first day without. `terms` are those of either.
    """

    state: ProfileState
    code: str = ""
    first_day: date | None = None
    days_left: int | None = None
    until: date | None = None
    due_since: date | None = None
    lapsed: str = ""
    lapsed_on: date | None = None
    happened: Happened | None = None
    terms: Terms = NO_TERMS

    @property
    def is_time(self) -> bool:
        """Whether somebody should look at the client now."""
        if self.state is ProfileState.TEMPORARY:
            return self.days_left is not None and self.days_left <= ENDS_SOON_DAYS
        return self.state is not ProfileState.CURRENT

    @property
    def moment(self) -> Moment | None:
        """When the profile in force asks for a new anamnese by itself, or has to be corrected."""
        if self.happened is not None and self.happened.is_contradiction:
            return Moment(self.happened.day, StateReason.AGE)
        day = self.until if self.terms.ends_by_itself else self.due_since
        return Moment(day, self._why(), self.code, self.terms) if self.code and day else None

    def _why(self) -> StateReason:
        if self.terms.lasts_days is not None:
            return StateReason.ENDS
        if self.terms.age_below is not None:
            return StateReason.ADULT
        return StateReason.PERIOD if self.terms.asks_after_months is None else StateReason.MODEL


def state_on(
    day: date, latest: LatestProfile | None, *, reassess_months: int, happened: Happened | None = None
) -> ClientState:
    """Judge the standing profile that began last, on or before the day, and what happened since.

    Without a profile it is time anyway: then it only matters whether declarations ask for one or say that
    the client died, or an anamnese is to be corrected.
    """
    matters = happened and (happened.is_asked or happened.is_contradiction or happened.is_told_dead)
    asked = happened if matters else None
    if latest is None:
        return ClientState(ProfileState.NONE, happened=asked)
    if latest.until is not None and latest.until <= day:
        return ClientState(
            ProfileState.NONE,
            lapsed=latest.code,
            lapsed_on=latest.until,
            happened=asked,
            terms=latest.terms,
        )
    due = reassess_from(latest.terms, first_day=latest.first_day, months=reassess_months)
    return ClientState(
        ProfileState.DUE if happened else _state(day, latest, due),
        code=latest.code,
        first_day=latest.first_day,
        days_left=(latest.until - day).days if latest.until else None,
        until=latest.until,
        due_since=due,
        happened=happened,
        terms=latest.terms,
    )


def _state(day: date, latest: LatestProfile, due: date | None) -> ProfileState:
    if _runs_out(day, latest):
        return ProfileState.TEMPORARY
    return ProfileState.DUE if due is not None and due <= day else ProfileState.CURRENT


def _runs_out(day: date, latest: LatestProfile) -> bool:
    """One that lasts a number of days always; one that ends on a birthday in the weeks before it."""
    if latest.terms.lasts_days is not None:
        return True
    is_near = latest.until is not None and latest.until - day <= timedelta(days=RUNS_OUT_DAYS)
    return latest.terms.age_below is not None and is_near
