"""Reading clients: the only place where they are narrowed to a membership."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import or_
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from care import names
from care.accounts.selectors import teams_of
from care.schema import crypto
from care.schema.death_notices import DeathNotice
from care.schema.fields import sealed_fields
from care.schema.models import (
    Client,
    Membership,
)
from care.schema.periods import CarePeriod, InsurerPeriod, TeamPeriod
from care.tenancy.compiled_queries import (
    A_DAY,
    A_NUMBER,
    A_THIRD_NUMBER,
    ANOTHER_NUMBER,
    CompiledQuery,
    compiled,
)

LONGEST_SEARCH = 200  # characters: no name is longer, and each word is looked for in every name


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
    _confirm_work_of(membership, client, day)
    return client


def hold_client_for_work_of(membership: Membership, public_id: UUID, *, day: date) -> Client:
    """Return one client as client_for_work_of, held until the transaction ends.

    Without what costs a decryption: a name, a BSN and their like are read when they are asked for.
    """
    client = _held(membership, public_id)
    _confirm_work_of(membership, client, day)
    return client


def _confirm_work_of(membership: Membership, client: Client, day: date) -> None:
    today = timezone.localdate()
    if not _is_theirs(client, membership, today) and not _was_theirs(client, membership, min(day, today)):
        raise PermissionDenied(_("Deze cliënt hoorde op deze datum bij een ander team."))


def client_once_of(membership: Membership, public_id: UUID) -> Client:
    """Return one client who is or ever was of the teams of a membership. Raises as client_for."""
    client = _client(membership, public_id)
    begun = TeamPeriod.objects.filter(client=client, period__startswith__lte=timezone.localdate())
    unbounded = TeamPeriod.objects.filter(client=client, period__startswith__isnull=True)
    if not (begun | unbounded).filter(team__in=teams_of(membership)).exists():
        raise PermissionDenied(_("Deze cliënt hoort bij een ander team. Vraag het team om hulp."))
    return client


def _client(membership: Membership, public_id: UUID) -> Client:
    return _one_of(membership, public_id, Client.objects.select_related("team", "insurer"))


def _held(membership: Membership, public_id: UUID) -> Client:
    rows = Client.objects.select_for_update().defer(*sealed_fields(Client))
    return _one_of(membership, public_id, rows)


def _one_of(membership: Membership, public_id: UUID, clients: QuerySet[Client]) -> Client:
    client = clients.filter(organisation=membership.organisation_id, public_id=public_id).first()
    if client is None:
        raise Http404(_("Deze cliënt bestaat niet in jouw organisatie."))
    if client.joined_into_id is None:
        return client
    # Addresses and tablets may still know the record by its old id.
    return clients.get(pk=client.joined_into_id)


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


def clients_born_on(organisation_id: int, day: date, *, at_most: int) -> list[Client]:
    """Return the organisation's clients with this date of birth, with team and insurer."""
    found = Client.objects.filter(organisation=organisation_id, date_of_birth=day, joined_into=None)
    return list(found.select_related("team", "insurer").order_by("id")[:at_most])


def in_care(on: date, *, of: str = "") -> Q:
    """Return the condition "in care on a day", for clients or for what leads to them (`of="clients__"`)."""
    return Q(**{f"{of}care_periods__period__contains": on})
