"""Organisations with their teams and phases, and insurers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from care.registries.domain_events import publish
from care.schema.constants import Phase
from care.schema.domain_events import InsurerAdded
from care.schema.models import Insurer, Organisation, PhasePeriod, Team
from care.tenancy import scope

# The day from which the first phase of a new organisation holds: before any declaration in use.
FIRST_DAY = date(2013, 1, 1)
FEWEST_MONTHS, MOST_MONTHS = 1, 60
FEWEST_WEEKS, MOST_WEEKS = 1, 52
OFFLINE_HOURS, IDLE_MINUTES, SESSION_HOURS = (4, 336), (5, 480), (1, 24)


@dataclass(frozen=True)
class TeamName:
    """A team as it is named on a command line; without a municipality the known one stays."""

    name: str
    municipality: str = ""


@transaction.atomic
def add_organisation(
    *,
    agb: str,
    name: str,
    teams: Iterable[TeamName] = (),
    phase: Phase | None = None,
    is_demo: bool = False,
) -> tuple[Organisation, bool]:
    """Add an organisation, or update its name and teams; return it and whether it is new.

    A new one declares from FIRST_DAY unless a phase is named. A phase named for an existing one replaces
    the phase of that day; periods that were set to begin later keep standing. Teams not named stay.
    """
    Organisation(agb=agb, name=name).clean_fields()
    organisation, created = Organisation.objects.update_or_create(
        agb=agb, defaults={"name": name}, create_defaults={"name": name, "agb": agb, "is_demo": is_demo}
    )
    with scope.organisation(organisation.pk):
        for team in teams:
            _add_or_update_team(organisation, team)
        if created or phase:
            set_phase(organisation=organisation, phase=phase or Phase.DECLARE, valid_from=FIRST_DAY)
    return organisation, created


def _add_or_update_team(organisation: Organisation, team: TeamName) -> None:
    known = Team.objects.filter(organisation=organisation, name__iexact=team.name).first()
    if known is None:
        add_team(organisation=organisation, name=team.name, municipality=team.municipality)
    elif team.municipality:
        update_team(team=known, name=known.name, municipality=team.municipality)


def set_phase(*, organisation: Organisation, phase: Phase, valid_from: date) -> PhasePeriod:
    """Let an organisation be in a phase from a day on, until the next period begins."""
    period, _created = PhasePeriod.objects.update_or_create(
        organisation=organisation, valid_from=valid_from, defaults={"phase": phase}
    )
    return period


def set_reassess_months(*, organisation: Organisation, months: int) -> None:
    """Ask for reassessment so many months after an anamnese. Raises ValidationError on `reassess_months`."""
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        raise ValidationError(
            {
                "reassess_months": _("Kies een aantal maanden van %(fewest)d tot en met %(most)d.")
                % {"fewest": FEWEST_MONTHS, "most": MOST_MONTHS}
            }
        )
    organisation.reassess_months = months
    organisation.save(update_fields=["reassess_months"])


def set_return_weeks(*, organisation: Organisation, weeks: int) -> None:
    """Ask for a look at who was away for more weeks than this. Raises ValidationError on `return_weeks`."""
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise ValidationError(
            {
                "return_weeks": _("Kies een aantal weken van %(fewest)d tot en met %(most)d.")
                % {"fewest": FEWEST_WEEKS, "most": MOST_WEEKS}
            }
        )
    organisation.return_weeks = weeks
    organisation.save(update_fields=["return_weeks"])


@dataclass(frozen=True)
class AccessLimits:
    """How long a tablet opens without contact, and a session without use and at most."""

    offline_hours: int
    session_idle_minutes: int
    session_hours: int


def set_access_limits(*, organisation: Organisation, limits: AccessLimits) -> None:
    """Let access end after these times. Raises ValidationError by field where one is out of bounds."""
    bounds = {
        "offline_hours": OFFLINE_HOURS,
        "session_idle_minutes": IDLE_MINUTES,
        "session_hours": SESSION_HOURS,
    }
    wrong = {
        name: _("Kies een getal van %(least)d tot en met %(most)d.") % {"least": least, "most": most}
        for name, (least, most) in bounds.items()
        if not least <= getattr(limits, name) <= most
    }
    if wrong:
        raise ValidationError(wrong)
    for name in bounds:
        setattr(organisation, name, getattr(limits, name))
    organisation.save(update_fields=list(bounds))


def add_team(*, organisation: Organisation, name: str, municipality: str = "") -> Team:
    """Add a team. Raises ValidationError on `name` when the organisation has one of that name."""
    team = Team(organisation=organisation)
    return update_team(team=team, name=name, municipality=municipality)


def update_team(*, team: Team, name: str, municipality: str) -> Team:
    """Name a team and its municipality. Raises ValidationError on `name` when another team has that name."""
    same = Team.objects.filter(organisation=team.organisation_id, name__iexact=name).exclude(pk=team.pk)
    if same.exists():
        raise ValidationError({"name": _("Er is al een team met deze naam.")})
    team.name, team.municipality = name, municipality
    team.clean_fields()
    team.save()
    return team


@transaction.atomic
def add_insurer(*, uzovi: str, name: str) -> tuple[Insurer, bool]:
    """Add an insurer, or update its name; return it and whether it is new."""
    Insurer(uzovi=uzovi, name=name).clean_fields()
    insurer, is_new = Insurer.objects.update_or_create(uzovi=uzovi, defaults={"name": name})
    if is_new:
        publish(InsurerAdded(insurer.pk, uzovi))
    return insurer, is_new
