"""Reading memberships, teams, people and phases of an organisation."""

from datetime import date
from functools import cache
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from care import names
from care.schema.constants import Phase
from care.schema.models import (
    Membership,
    Organisation,
    PhasePeriod,
    Team,
    User,
)
from care.tenancy import scope
from care.tenancy.compiled_queries import (
    A_DAY,
    A_NUMBER,
    CompiledQuery,
    compiled,
)


def memberships_of(user: User) -> list[Membership]:
    """Return the memberships that a user can act in, oldest first."""
    return list(
        Membership.objects.filter(user=user, is_active=True)
        .select_related("organisation", "insurer")
        .order_by("id")
    )


def works_elsewhere(user: User, organisation: Organisation) -> bool:
    """Tell whether a person has a membership, switched off or not, outside an organisation.

    Looked up in that person's own scope: row policies hide it from the organisation's.
    """
    with scope.activate(scope.Scope(user_id=user.pk)):
        return Membership.objects.filter(user=user).exclude(organisation=organisation).exists()


def organisation_of(membership: Membership) -> Organisation:
    """Return the organisation that a membership is in. Raises PermissionDenied for an insurer's."""
    if membership.organisation is None:
        raise PermissionDenied(_("Een zorgverzekeraar kan dit niet openen."))
    return membership.organisation


def teams_of(membership: Membership) -> QuerySet[Team]:
    """Return the teams that a membership covers: those named, or all of the organisation where none is."""
    named = Membership.teams.through.objects.filter(membership=membership.pk)
    return Team.objects.filter(
        Q(id__in=named.values("team")) | ~Exists(named), organisation=membership.organisation_id
    )


def people_of(organisation: Organisation) -> list[User]:
    """Return who has or had a role in an organisation, by name; `roles` holds those memberships."""
    return sorted(_people(organisation), key=lambda person: names.folded(person.name))


def person_for(organisation: Organisation, public_id: UUID) -> User:
    """Return somebody who has or had a role in an organisation, with `roles`. Raises Http404."""
    person = _people(organisation).filter(public_id=public_id).first()
    if person is None:
        raise Http404(_("Deze persoon werkt niet in jouw organisatie."))
    return person


def _people(organisation: Organisation) -> QuerySet[User]:
    roles = Membership.objects.filter(organisation=organisation).order_by("role", "id")
    shown = Prefetch("memberships", queryset=roles.prefetch_related("teams"), to_attr="roles")
    return User.objects.filter(memberships__organisation=organisation).distinct().prefetch_related(shown)


def role_for(organisation: Organisation, public_id: UUID) -> Membership:
    """Return one role of somebody in an organisation. Raises Http404."""
    role = Membership.objects.filter(organisation=organisation, public_id=public_id)
    found = role.select_related("user", "organisation").prefetch_related("teams").first()
    if found is None:
        raise Http404(_("Deze rol bestaat niet in jouw organisatie."))
    return found


def has_role(user: User, role: str, organisation: Organisation) -> bool:
    """Tell whether somebody has a role in an organisation, switched off or not."""
    return Membership.objects.filter(user=user, role=role, organisation=organisation).exists()


def team_for(organisation: Organisation, public_id: UUID) -> Team:
    """Return a team of an organisation. Raises Http404."""
    team = Team.objects.filter(organisation=organisation, public_id=public_id).first()
    if team is None:
        raise Http404(_("Dit team bestaat niet in jouw organisatie."))
    return team


DECLARING_PHASES = frozenset({Phase.DECLARE, Phase.CONTRACT})


def declares_on(organisation: Organisation, day: date) -> bool:
    """Tell whether an organisation is so far that profile codes go along with declarations."""
    return phase_on(organisation, day) in DECLARING_PHASES


def phases_of(organisation: Organisation) -> list[PhasePeriod]:
    """Return the phases of an organisation, those to come included, in order of time."""
    periods = PhasePeriod.objects.filter(organisation=organisation).select_related("recorded_by")
    return list(periods.order_by("valid_from"))


def phase_on(organisation: Organisation, day: date) -> Phase:
    """Return the phase of an organisation on a day; before the first it prepares."""
    latest = _phase().rows(organisation=organisation.pk, day=day)
    return Phase(latest[0][0]) if latest else Phase.PREPARE


@cache
def _phase() -> CompiledQuery:
    begun = PhasePeriod.objects.filter(organisation=A_NUMBER, valid_from__lte=A_DAY)
    latest = begun.order_by("-valid_from").values_list("phase")[:1]
    return compiled(latest, organisation=A_NUMBER, day=A_DAY)


def declaring_periods(organisation_id: int) -> list[tuple[date, date | None]]:
    """Return the days [first, until) on which codes go along with declarations, as planned, in order."""
    rows = PhasePeriod.objects.filter(organisation=organisation_id).order_by("valid_from")
    begun = list(rows.values_list("phase", "valid_from"))
    ends = [*(first for _, first in begun[1:]), None]
    return [
        (first, until)
        for (phase, first), until in zip(begun, ends, strict=False)
        if phase in DECLARING_PHASES
    ]
