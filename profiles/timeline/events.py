"""What happened to a client that asks for a new look: recorded, and taken back where it was a mistake."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from care.clients import selectors as care
from care.schema.models import Client, Membership, User
from profiles.schema.constants import EventKind
from profiles.schema.models import ClientProfile, ReassessmentEvent

#: What happened longer ago has been seen in an anamnese since, or does not matter any more.
LONGEST_AGO = timedelta(days=366)


@transaction.atomic
def record_event(*, client: Client, kind: EventKind, day: date, user: User) -> ReassessmentEvent:
    """Record what happened on a day; the same again is returned as it is. Raises ValidationError on `day`."""
    today = localdate()
    if day > today:
        raise ValidationError({"day": _("Deze dag is nog niet geweest.")})
    if day < today - LONGEST_AGO or not client.is_in_care(day):
        raise ValidationError({"day": _("Kies een dag van het afgelopen jaar waarop de cliënt in zorg was.")})
    event, _new = ReassessmentEvent.objects.get_or_create(
        organisation_id=client.organisation_id,
        client=client,
        kind=kind,
        day=day,
        withdrawn_on=None,
        defaults={"recorded_by": user},
    )
    return event


@dataclass(frozen=True, slots=True)
class Asked:
    """For how many clients an anamnese was asked: now, before and not done yet, or not (out of care)."""

    new: int
    before: int
    out_of_care: int


@transaction.atomic
def ask_for_declarations(*, organisation_id: int, client_ids: Collection[int], user: User) -> Asked:
    """Ask the nurses for an anamnese because a declaration misses a profile; asking twice changes nothing.

    Stands until an anamnese is finished, of whatever day: the days that miss a profile lie in the past.
    """
    today = localdate()
    wanted = set(client_ids)
    open_ones = standing_events().filter(client__in=wanted, kind=EventKind.DECLARATION)
    before = set(open_ones.values_list("client", flat=True))
    others = Client.objects.filter(care.in_care(today), organisation=organisation_id, pk__in=wanted - before)
    new = list(others.order_by("id").values_list("id", flat=True))
    ReassessmentEvent.objects.bulk_create(
        [
            ReassessmentEvent(
                organisation_id=organisation_id,
                client_id=client_id,
                kind=EventKind.DECLARATION,
                day=today,
                recorded_by=user,
            )
            for client_id in new
        ],
        ignore_conflicts=True,
    )
    return Asked(len(new), len(before), len(wanted) - len(before) - len(new))


def standing_events() -> QuerySet[ReassessmentEvent]:
    """Return what was not taken back; what declarations asked for goes with the anamnese that follows it."""
    answers = ClientProfile.objects.filter(client=OuterRef("client"), created_at__gt=OuterRef("recorded_at"))
    return ReassessmentEvent.objects.filter(withdrawn_on=None).exclude(
        Q(kind=EventKind.DECLARATION) & Exists(answers)
    )


def withdraw_event(*, event: ReassessmentEvent, user: User) -> None:
    """Take back an event that did not happen, or not like that."""
    if event.withdrawn_on is None:
        event.withdrawn_on, event.withdrawn_by = localdate(), user
        event.save(update_fields=["withdrawn_on", "withdrawn_by"])


def event_for(membership: Membership, public_id: UUID) -> ReassessmentEvent:
    """Return one event with its client. Raises Http404 or PermissionDenied (another team's)."""
    events = ReassessmentEvent.objects.filter(organisation=membership.organisation_id, public_id=public_id)
    event = events.select_related("client").first()
    if event is None:
        raise Http404(_("Deze gebeurtenis bestaat niet in jouw organisatie."))
    event.client = care.client_for(membership, event.client.public_id)
    return event


def events_of(client: Client, *, since: date | None) -> list[ReassessmentEvent]:
    """Return what happened to a client on or after a day (ever), newest first."""
    events = standing_events().filter(client=client)
    if since is not None:
        events = events.filter(day__gte=since)
    return list(events.select_related("recorded_by").order_by("-day", "-id"))
