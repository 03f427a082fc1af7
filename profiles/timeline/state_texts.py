"""The state of a client's profile in the words and the colour of the status component."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.schema.constants import EventKind, FactKind
from profiles.schema.known_codes import why_asked
from profiles.timeline.states import ClientState, Happened, Moment, ProfileState, StateReason

#: As they stand in filters and counts.
STATE_NAMES: dict[ProfileState, Promise] = {
    ProfileState.NONE: gettext_lazy("geen profiel"),
    ProfileState.TEMPORARY: gettext_lazy("loopt af"),
    ProfileState.DUE: gettext_lazy("herbeoordelen"),
    ProfileState.CURRENT: gettext_lazy("op orde"),
}


#: Why a client is due on a day of the calendar.
WHY_TEXTS: dict[StateReason, Promise] = {
    StateReason.ENDS: gettext_lazy("Tijdelijk profiel loopt af"),
    StateReason.ADULT: gettext_lazy("Wordt %(age)d: het kinderprofiel stopt"),
    StateReason.MODEL: gettext_lazy("Het profiel vraagt om een nieuwe anamnese"),
    StateReason.PERIOD: gettext_lazy("Periode voor herbeoordeling is om"),
    StateReason.AGE: gettext_lazy("De anamnese past niet bij de geboortedatum"),
}


@dataclass(frozen=True, slots=True)
class StateText:
    """What a status shows: `kind` is its colour and shape, `note` the small line under it."""

    kind: str
    label: str
    note: str = ""


def state_text(state: ClientState) -> StateText:
    """Put a state in words."""
    if state.happened is not None and state.happened.is_told_dead:
        return StateText("due", _("Overleden?"), event_text(state.happened))
    if state.state is ProfileState.NONE:
        note = event_text(state.happened) if state.happened else _lapsed(state)
        return StateText("none", _("Geen profiel"), note)
    if state.state is ProfileState.TEMPORARY:
        label = _("Loopt af") if state.terms.age_below is not None else _("Tijdelijk")
        return StateText("temporary", label, _days_left(state))
    if state.happened is not None:
        return StateText("due", _("Herbeoordelen"), event_text(state.happened))
    since = _day(state.due_since) if state.due_since else ""
    if state.state is ProfileState.DUE:
        return StateText("due", _("Herbeoordelen"), _("vanaf %s") % since)
    return StateText("current", _("Op orde"), _("opnieuw vanaf %s") % since if since else "")


def why_text(moment: Moment) -> str:
    """Say why a client is due; where the profile itself asks for it, its model has the words."""
    said = why_asked(moment.code) if moment.why is StateReason.MODEL else ""
    return said or str(WHY_TEXTS[moment.why]) % {"age": moment.terms.age_below or 0}


def event_text(happened: Happened) -> str:
    """Put an event in words, with its day; a contradiction is there as long as it is not corrected."""
    if happened.kind == FactKind.AGE:
        return _("past niet bij de geboortedatum")
    if happened.kind == FactKind.TOLD_DEAD:
        return _("volgens declaratie van %s") % _day(happened.day)
    if happened.kind == FactKind.RETURNED:
        return _("terug in zorg sinds %s") % _day(happened.day)
    label = EventKind(happened.kind).label if happened.kind in EventKind.values else happened.kind
    return _("%(what)s, %(day)s") % {"what": label, "day": _day(happened.day)}


def _lapsed(state: ClientState) -> str:
    if state.lapsed_on is None:
        return ""
    day, age = _day(state.lapsed_on), state.terms.age_below
    if age is None:
        return _("verlopen op %s") % day
    return _("%(age)d geworden op %(day)s") % {"age": age, "day": day}


def _days_left(state: ClientState) -> str:
    days = state.days_left or 0
    text = ngettext("nog %d dag", "nog %d dagen", days) % days
    age = state.terms.age_below
    return text if age is None else _("wordt %(age)d, %(left)s") % {"age": age, "left": text}


def _day(day: date) -> str:
    """Write a day that no narrow line breaks in two, as it would at the hyphens of 01-02-2027."""
    # Dutch writes months small, English does not: a translation is a format as well.
    return date_format(day, _("j b Y")).replace(" ", "\N{NO-BREAK SPACE}")
