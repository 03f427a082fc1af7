"""Reading people and organisations: the only place where clients are narrowed to a membership."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, reduce
from operator import or_
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from care import names
from care.days import CarePeriod, InsurerPeriod, TeamPeriod
from care.schema import crypto
from care.schema.constants import Phase
from care.schema.death_notices import DeathNotice
from care.schema.models import (
    Client,
    Consent,
    LegalBasis,
    Membership,
    Objection,
    Organisation,
    PhasePeriod,
    Team,
    User,
)
from care.tenancy import scope
from care.tenancy.compiled_queries import (
    A_DAY,
    A_NUMBER,
    A_THIRD_NUMBER,
    ANOTHER_NUMBER,
    CompiledQuery,
    compiled,
)

ENDS_SOON = timedelta(days=30)
LONGEST_SEARCH = 200  # characters: no name is longer, and each word is looked for in every name
DECLARING_PHASES = frozenset({Phase.DECLARE, Phase.CONTRACT})


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


def clients_of(membership: Membership, *, on: date | None = None) -> QuerySet[Client]:
    """Return the clients that a membership may see: those of its teams on a day (today), with insurer."""
    return Client.objects.filter(
        organisation=membership.organisation_id,
        team_periods__period__contains=on or timezone.localdate(),
        team_periods__team__in=teams_of(membership),
    ).select_related("team", "insurer")


def client_for(membership: Membership, public_id: UUID) -> Client:
    """Return one client. Raises Http404 for another organisation's, PermissionDenied for another team's."""
    client = _client(membership, public_id)
    if not _is_theirs(client, membership, timezone.localdate()):
        raise PermissionDenied(_("Deze cliënt hoort bij een ander team. Vraag het team om hulp."))
    return client


def client_for_work_of(membership: Membership, public_id: UUID, *, day: date) -> Client:
    """Return one client, to take in what a member of the team did for a day on which the client was theirs.

    Work that waited on a tablet may arrive after the client moved to another team. The day of the move is of
    both teams: she may have been there in the morning. Raises as client_for.
    """
    client = _client(membership, public_id)
    today = timezone.localdate()
    if not _is_theirs(client, membership, today) and not _was_theirs(client, membership, min(day, today)):
        raise PermissionDenied(_("Deze cliënt hoorde op deze datum bij een ander team."))
    return client


def client_once_of(membership: Membership, public_id: UUID) -> Client:
    """Return one client who is or ever was of the teams of a membership. Raises as client_for."""
    client = _client(membership, public_id)
    begun = TeamPeriod.objects.filter(client=client, period__startswith__lte=timezone.localdate())
    unbounded = TeamPeriod.objects.filter(client=client, period__startswith__isnull=True)
    if not (begun | unbounded).filter(team__in=teams_of(membership)).exists():
        raise PermissionDenied(_("Deze cliënt hoort bij een ander team. Vraag het team om hulp."))
    return client


def _client(membership: Membership, public_id: UUID) -> Client:
    clients = Client.objects.filter(organisation=membership.organisation_id, public_id=public_id)
    client = clients.select_related("team", "insurer").first()
    if client is None:
        raise Http404(_("Deze cliënt bestaat niet in jouw organisatie."))
    if client.joined_into_id is None:
        return client
    # Addresses and tablets may still know the record by its old id.
    return Client.objects.select_related("team", "insurer").get(pk=client.joined_into_id)


def in_teams_of(membership: Membership, *, on: Collection[date]) -> Exists:
    """Return the condition that a row's client was with a team of a membership on one of some days."""
    named = Membership.teams.through.objects.filter(membership=membership.pk)
    periods = TeamPeriod.objects.filter(client=OuterRef("client_id"))
    periods = periods.filter(Q(team__in=named.values("team")) | ~Exists(named))
    return Exists(periods.filter(reduce(or_, (Q(period__contains=day) for day in on))))


def _is_theirs(client: Client, membership: Membership, day: date) -> bool:
    values = {"membership": membership.pk, "organisation": membership.organisation_id}
    return bool(_theirs().rows(**values, client=client.pk, day=day))


@cache
def _theirs() -> CompiledQuery:
    whose = Membership(pk=A_NUMBER, organisation_id=ANOTHER_NUMBER)
    periods = TeamPeriod.objects.filter(client=A_THIRD_NUMBER, period__contains=A_DAY)
    return compiled(
        periods.filter(team__in=teams_of(whose)).values("pk")[:1],
        membership=A_NUMBER,
        organisation=ANOTHER_NUMBER,
        client=A_THIRD_NUMBER,
        day=A_DAY,
    )


def _was_theirs(client: Client, membership: Membership, day: date) -> bool:
    """On a day, or on the day that ended it."""
    teams = TeamPeriod.objects.filter(client=client, team__in=teams_of(membership))
    return teams.filter(Q(period__contains=day) | Q(period__endswith=day)).exists()


@dataclass(frozen=True)
class Plan:
    """A move to come: the name of the team or insurer, and its first day."""

    to: str
    day: date


def planned_moves(client: Client) -> dict[str, Plan]:
    """Return the next move to come, by what changes: "team" or "insurer"."""
    ahead = {"client": client, "period__startswith__gt": timezone.localdate()}
    team = TeamPeriod.objects.filter(**ahead).values_list("team__name", "period")
    insurer = InsurerPeriod.objects.filter(**ahead).values_list("insurer__name", "period")
    firsts = {"team": team.order_by("period").first(), "insurer": insurer.order_by("period").first()}
    return {what: Plan(first[0], first[1].lower) for what, first in firsts.items() if first}


def care_of(client: Client) -> list[CarePeriod]:
    """Return the periods of care of a client, the last first."""
    return sorted(client.care_periods.all(), key=lambda spell: spell.period.lower, reverse=True)


def last_death_notice(client: Client) -> DeathNotice | None:
    """Return what is asked about a client's death, or else was answered last."""
    notices = DeathNotice.objects.filter(client=client).select_related("answered_by")
    return notices.order_by(F("answered_at").desc(nulls_first=True), "-pk").first()


def search_clients(clients: Iterable[Client], text: str) -> list[Client]:
    """Return the clients whose name or day of birth holds every word of text (names are encrypted)."""
    words = names.folded(text[:LONGEST_SEARCH]).split()
    keys = ((client, names.search_key(client.name, client.date_of_birth)) for client in clients)
    return [client for client, key in keys if all(word in key for word in words)]


def client_by_bsn(organisation_id: int, bsn: str) -> Client | None:
    """Return the organisation's client with this BSN."""
    hashed = crypto.bsn_hash(bsn, organisation_id=organisation_id)
    return Client.objects.filter(organisation=organisation_id, bsn_hash=hashed).first()


@dataclass(frozen=True)
class StandingStatements:
    """What a client said about handing codes on that still stands.

    Consent is to the client's present insurer; `elsewhere` has that of each other insurer: the one that
    stands, or else the last one that was taken back.
    """

    objection: Objection | None
    consent: Consent | None
    taken_back: Consent | None = None
    elsewhere: tuple[Consent, ...] = ()


NOTHING_SAID = StandingStatements(objection=None, consent=None)


def standing_statements(client: Client) -> StandingStatements:
    """Return what stands of what a client said; of a consent that does not stand, that it was taken back."""
    last = _last_consents(client)
    own = last.pop(client.insurer_id, None)
    stands = own is not None and own.withdrawn_on is None
    return StandingStatements(
        objection=Objection.objects.filter(client=client, withdrawn_on__isnull=True).first(),
        consent=own if stands else None,
        taken_back=None if stands else own,
        elsewhere=tuple(sorted(last.values(), key=lambda consent: consent.insurer.name)),
    )


def _last_consents(client: Client) -> dict[int, Consent]:
    """Return by insurer the consent that stands, or else the last that was taken back."""
    rows = Consent.objects.filter(client=client).select_related("insurer")
    in_order = rows.order_by(F("withdrawn_on").asc(nulls_last=True), "pk")
    return {consent.insurer_id: consent for consent in in_order}


def consents_taken_back() -> QuerySet[Consent]:
    """Return the last consent per client and insurer that was withdrawn, where none was given anew."""
    same = Consent.objects.filter(client=OuterRef("client"), insurer=OuterRef("insurer"))
    later = Q(withdrawn_on__isnull=True) | Q(pk__gt=OuterRef("pk"))
    return Consent.objects.filter(~Exists(same.filter(later)), withdrawn_on__isnull=False)


def clients_born_on(organisation_id: int, day: date, *, at_most: int) -> list[Client]:
    """Return the organisation's clients with this date of birth, with team and insurer."""
    found = Client.objects.filter(organisation=organisation_id, date_of_birth=day, joined_into=None)
    return list(found.select_related("team", "insurer").order_by("id")[:at_most])


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


def in_care(on: date, *, of: str = "") -> Q:
    """Return the condition "in care on a day", for clients or for what leads to them (`of="clients__"`)."""
    return Q(**{f"{of}care_periods__period__contains": on})


def declares_on(organisation: Organisation, day: date) -> bool:
    """Tell whether an organisation is so far that profile codes go along with declarations."""
    return phase_on(organisation, day) in DECLARING_PHASES


def phases_of(organisation: Organisation) -> list[PhasePeriod]:
    """Return the phases of an organisation, those to come included, in order of time."""
    periods = PhasePeriod.objects.filter(organisation=organisation).select_related("recorded_by")
    return list(periods.order_by("valid_from"))


def ending_bases(organisation: Organisation, today: date) -> list[LegalBasis]:
    """Return the legal bases that end within 30 days and that no other follows, soonest first."""
    bases = LegalBasis.objects.filter(organisation=organisation, valid_from__lte=today)
    ending = bases.filter(valid_until__gt=today, valid_until__lte=today + ENDS_SOON)
    goes_on = LegalBasis.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        organisation=organisation,
        insurer=OuterRef("insurer"),
        valid_from__lte=OuterRef("valid_until"),
    )
    return list(ending.exclude(Exists(goes_on)).select_related("insurer").order_by("valid_until", "id"))


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
