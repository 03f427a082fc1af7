"""Two records of one person become one, with everything that was filled in: for the administrator.

Whole or not at all: what cannot be joined is refused with its reasons. It cannot be undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from care.audit import access
from care.clients.joining import death_problem, end_in_doubt, join_records
from care.schema.constants import AccessAction
from care.schema.models import Client, Membership
from care.schema.periods import CarePeriod
from profiles.schema.models import ClientProfile, ProfileStatus, ReassessmentEvent
from profiles.timeline.timeline import settle_again
from questionnaires.anamneses.discharge import follow_care
from questionnaires.anamneses.joining import correct_by
from questionnaires.schema.models import Anamnese, AnamneseStatus


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records, as the page shows it."""

    client: Client
    profiles: int
    drafts: int
    spells: list[CarePeriod]


@dataclass(frozen=True, slots=True)
class SameDay:
    """A day of which both records have an anamnese that counts: one can."""

    day: date
    gone: ClientProfile
    stays: ClientProfile


@dataclass(frozen=True, slots=True)
class Proposal:
    """Which record would go into which, what has to be chosen, and why it cannot be (nothing: it can).

    `ends_on`: the first day without care by one record, while care goes on by the other; none: both agree.
    """

    gone: Side
    stays: Side
    same_days: list[SameDay]
    ends_on: date | None
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose: by day the profile that stays, and whether care ended (none: was not asked)."""

    profiles: Mapping[date, UUID] = field(default_factory=dict)
    has_ended: bool | None = None


NOTHING_CHOSEN = Choices()


def records_for(membership: Membership, *public_ids: UUID) -> list[Client]:
    """Return the records of an organisation with these ids. Raises Http404 where one is not there."""
    clients = Client.objects.filter(
        organisation=membership.organisation_id, public_id__in=public_ids, joined_into=None
    )
    found = {client.public_id: client for client in clients.select_related("team", "insurer")}
    if len(set(public_ids)) < len(public_ids) or found.keys() != set(public_ids):
        raise Http404(_("Deze cliënt bestaat niet in jouw organisatie."))
    return [found[public_id] for public_id in public_ids]


def proposal(*, gone: Client, stays: Client) -> Proposal:
    """Return what joining two records would come to."""
    return Proposal(
        _side(gone),
        _side(stays),
        _same_days(gone, stays),
        end_in_doubt(gone, stays, localdate()),
        problems_of(gone=gone, stays=stays),
    )


def _side(client: Client) -> Side:
    drafts = Anamnese.objects.filter(client=client, status=AnamneseStatus.DRAFT)
    profiles = ClientProfile.objects.filter(client=client)
    spells = CarePeriod.objects.filter(client=client).order_by("-period")
    return Side(client, profiles.count(), drafts.count(), list(spells))


def problems_of(*, gone: Client, stays: Client) -> list[str]:
    """Return in sentences why two records cannot be joined."""
    problems = []
    if gone.date_of_birth != stays.date_of_birth:
        problems.append(_("De geboortedatums zijn niet gelijk. Zoek uit welke klopt en verbeter die eerst."))
    death = death_problem(gone, stays)
    problems += [death] if death else []
    problems += [
        _("%(name)s heeft in allebei een concept. Laat er eerst één afmaken of weggooien.") % {"name": name}
        for name in _nurses_of_both(gone, stays)
    ]
    return problems


def _same_days(gone: Client, stays: Client) -> list[SameDay]:
    standing = ClientProfile.objects.filter(status=ProfileStatus.STANDING).select_related(
        "anamnese__nurse", "anamnese__corrects"
    )
    here = {profile.date: profile for profile in standing.filter(client=stays)}
    there = standing.filter(client=gone, date__in=here).order_by("date")
    return [SameDay(profile.date, profile, here[profile.date]) for profile in there]


def _nurses_of_both(gone: Client, stays: Client) -> list[str]:
    drafts = Anamnese.objects.filter(status=AnamneseStatus.DRAFT, corrects=None)
    here = drafts.filter(client=stays).values("nurse")
    both = drafts.filter(client=gone, nurse__in=here).order_by("nurse__name")
    return list(both.values_list("nurse__name", flat=True))


@transaction.atomic
def join(*, gone: Client, stays: Client, by: Membership, choices: Choices = NOTHING_CHOSEN) -> Client:
    """Join two records of one person; returns the one that stays. Raises ValidationError with all reasons."""
    held = Client.objects.select_for_update().filter(pk__in=[gone.pk, stays.pk]).order_by("pk")
    locked = {client.pk: client for client in held}
    gone, stays = locked[gone.pk], locked[stays.pk]
    if gone.joined_into_id or stays.joined_into_id:
        raise ValidationError([_("Een van de twee is al samengevoegd.")])
    found = proposal(gone=gone, stays=stays)
    problems = [*found.problems, *_not_chosen(found, choices)]
    if problems:
        raise ValidationError(problems)
    ends_on = found.ends_on if choices.has_ended else None
    join_records(gone=gone, stays=stays, user=by.user, ends_on=ends_on)
    for pair in found.same_days:
        _settle_day(pair, choices)
    _move(gone, stays)
    stays.refresh_from_db()
    follow_care(client=stays, day=localdate())
    access.record(membership=by, action=AccessAction.CHANGED, clients=[gone, stays])
    return stays


def _not_chosen(found: Proposal, choices: Choices) -> list[str]:
    """Return in sentences what is still to be chosen, as when it came up while the page was open."""
    problems = [
        _("Kies welke anamnese van %(day)s blijft gelden.") % {"day": date_format(pair.day)}
        for pair in found.same_days
        if choices.profiles.get(pair.day) not in {pair.gone.public_id, pair.stays.public_id}
    ]
    if found.ends_on and choices.has_ended is None:
        problems.append(_("Kies of de zorg is geëindigd."))
    return problems


def _settle_day(pair: SameDay, choices: Choices) -> None:
    """Let one of two of a day hold; the other stays to be read, as what was corrected."""
    chosen, other = pair.gone, pair.stays
    if choices.profiles[pair.day] == pair.stays.public_id:
        chosen, other = other, chosen
    ClientProfile.objects.filter(pk=other.pk).update(
        status=ProfileStatus.REPLACED, period=DateRange(empty=True)
    )
    correct_by(stays=chosen.anamnese, other=other.anamnese)


def _move(gone: Client, stays: Client) -> None:
    """Put the profiles of both in one order of time; two cannot hold on a day, not for a moment."""
    standing = ClientProfile.objects.filter(client__in=[gone, stays], status=ProfileStatus.STANDING)
    standing.update(period=DateRange(empty=True))
    Anamnese.objects.filter(client=gone).update(client=stays)
    ClientProfile.objects.filter(client=gone).update(client=stays)
    _move_events(gone, stays)
    settle_again([stays.pk])


def _move_events(gone: Client, stays: Client) -> None:
    """What was told of both on one day stays with the record where it was told first."""
    here = ReassessmentEvent.objects.filter(client=stays, withdrawn_on=None)
    known = set(here.values_list("kind", "day"))
    events = ReassessmentEvent.objects.filter(client=gone)
    twice = [event.pk for event in events.filter(withdrawn_on=None) if (event.kind, event.day) in known]
    events.exclude(pk__in=twice).update(client=stays)
