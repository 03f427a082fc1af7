"""Reading instruments and anamneses. Clients are narrowed to a membership by `care.clients.selectors`."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from care.clients import selectors as care
from care.schema.fields import sealed_fields
from care.schema.models import Client, Membership
from questionnaires.schema.models import Anamnese, AnamneseStatus, InstrumentVersion
from questionnaires.schema.payload import Payload


class DatedDraft(Protocol):
    """A version with a day from which it is in force; None is before all days."""

    valid_from: date | None
    pk: int


Version = TypeVar("Version", bound=DatedDraft)


def in_force(versions: Sequence[Version], day: date) -> Version:
    """Return the version of a day: the one that began last; one without a beginning began before all."""
    begun = [version for version in versions if version.valid_from is None or version.valid_from <= day]
    return max(begun, key=lambda version: (version.valid_from or date.min, version.pk))


def instrument_on(day: date) -> InstrumentVersion:
    """Return the instrument that is in force on a day."""
    return in_force(instrument_versions(), day)


def instrument_versions() -> list[InstrumentVersion]:
    """Return every version of the instrument, in the order of loading."""
    return list(InstrumentVersion.objects.order_by("pk"))


def instrument_version(version: str) -> InstrumentVersion | None:
    """Return one version of the instrument by its number, if it was ever loaded."""
    return InstrumentVersion.objects.filter(version=version).defer("definition").first()


def anamnese_for(membership: Membership, public_id: UUID) -> Anamnese:
    """Return an anamnese with its client. Raises Http404 or PermissionDenied (another team's)."""
    anamnese = _anamnese(membership, public_id)
    anamnese.client = care.client_for(membership, anamnese.client.public_id)
    return anamnese


def own_anamnese_for(membership: Membership, public_id: UUID) -> Anamnese:
    """Return an anamnese of the user's own. Raises as anamnese_for, and for a colleague's.

    Of a client who moved since it says what becomes of a draft of hers: nothing has to be typed again.
    """
    own = _own(_anamnese(membership, public_id), membership)
    try:
        own.client = care.client_for(membership, own.client.public_id)
    except PermissionDenied as refused:
        if own.status != AnamneseStatus.DRAFT:
            raise
        raise PermissionDenied(
            _(
                "Deze cliënt hoort nu bij een ander team. Je antwoorden zijn bewaard: een collega van dat "
                "team neemt je concept over op de pagina van de cliënt en maakt het af."
            )
        ) from refused
    return own


def own_work_for(membership: Membership, public_id: UUID) -> Anamnese:
    """Return an anamnese of the user's own, though the client moved since; a finished one by its day.

    A draft stays hers to throw away, also where its day came after the move. Raises as own_anamnese_for.
    """
    anamnese = _own(_anamnese(membership, public_id), membership)
    if anamnese.status == AnamneseStatus.FINISHED:
        client_id, day = anamnese.client.public_id, anamnese.date
        anamnese.client = care.client_for_work_of(membership, client_id, day=day)
    return anamnese


def hold_own_draft(membership: Membership, payload: Payload) -> Anamnese | None:
    """Return the draft that a payload is about, held until the transaction ends, if all but its answers fits.

    With its client, without what costs a decryption or is large. One query.
    """
    today = localdate()
    draft = Anamnese.objects.filter(
        care.in_teams_of(membership, on={today, min(payload.day, today)}),
        organisation=membership.organisation_id,
        public_id=payload.public_id,
        nurse=membership.user_id,
        status=AnamneseStatus.DRAFT,
        client__public_id=payload.client,
        date=payload.day,
        instrument__version=payload.version,
        **{"corrects__public_id": payload.corrects} if payload.corrects else {"corrects": None},
    )
    beside = draft.select_related("instrument", "client").defer(
        "correction_reason",
        "instrument__definition",
        *sealed_fields(Client, through="client"),
    )
    return beside.select_for_update(of=("self",)).first()


def _anamnese(membership: Membership, public_id: UUID) -> Anamnese:
    anamneses = Anamnese.objects.filter(organisation=membership.organisation_id, public_id=public_id)
    anamnese = anamneses.select_related("instrument", "client", "corrects").first()
    if anamnese is None:
        raise Http404(_("Deze anamnese bestaat niet in jouw organisatie."))
    return anamnese


def _own(anamnese: Anamnese, membership: Membership) -> Anamnese:
    if anamnese.nurse_id != membership.user_id:
        raise PermissionDenied(
            _("Een collega vult deze anamnese in. Begin zelf een nieuwe als dat nodig is.")
        )
    return anamnese


def drafts_of(membership: Membership, client_ids: Collection[int]) -> dict[int, Anamnese]:
    """Return the user's own drafts by client, the last saved where there are two. One query."""
    drafts = Anamnese.objects.filter(
        client_id__in=client_ids, nurse=membership.user_id, status=AnamneseStatus.DRAFT
    )
    return {draft.client_id: draft for draft in _listed(drafts).order_by("saved_at")}


def drafts_of_others(membership: Membership, client_ids: Collection[int]) -> dict[int, list[Anamnese]]:
    """Return drafts of colleagues by client, with who they are of, without answers. One query."""
    found: dict[int, list[Anamnese]] = {}
    drafts = Anamnese.objects.filter(client_id__in=client_ids, status=AnamneseStatus.DRAFT)
    others = drafts.exclude(nurse=membership.user_id).exclude(nurse=None).select_related("nurse")
    for draft in others.defer("correction_reason", "answers").order_by("saved_at"):
        found.setdefault(draft.client_id, []).append(draft)
    return found


def last_finished_of(client_ids: Collection[int]) -> dict[int, Anamnese]:
    """Return the last standing anamnese by client, with its instrument. One query."""
    finished = Anamnese.objects.filter(client_id__in=client_ids, status=AnamneseStatus.FINISHED).exclude(
        corrections__status=AnamneseStatus.FINISHED
    )
    newest = _listed(finished).order_by("client_id", "-date", "-id").distinct("client_id")
    return {anamnese.client_id: anamnese for anamnese in newest}


def last_finished(client: Client, *, before: date) -> Anamnese | None:
    """Return the client's last standing anamnese on or before a day, for "last time" hints."""
    return (
        Anamnese.objects.filter(client=client, status=AnamneseStatus.FINISHED, date__lte=before)
        .exclude(corrections__status=AnamneseStatus.FINISHED)
        .order_by("-date", "-id")
        .first()
    )


def active_seconds_of(client_ids: Collection[int], *, since: date) -> list[int]:
    """Return how long somebody was busy with each measured anamnese of these clients, in no order."""
    measured = Anamnese.objects.filter(
        client_id__in=client_ids,
        status=AnamneseStatus.FINISHED,
        date__gte=since,
        active_seconds__gt=0,
    )
    return [seconds for seconds in measured.values_list("active_seconds", flat=True).order_by() if seconds]


def is_taken(client: Client, day: date) -> bool:
    """Tell whether the client has a finished, non-correcting anamnese of this day."""
    return Anamnese.objects.filter(
        client=client, date=day, status=AnamneseStatus.FINISHED, corrects=None
    ).exists()


def is_corrected(anamnese: Anamnese) -> bool:
    """Tell whether a finished anamnese names this one as the one it replaces."""
    return Anamnese.objects.filter(corrects=anamnese, status=AnamneseStatus.FINISHED).exists()


def _listed(anamneses: QuerySet[Anamnese]) -> QuerySet[Anamnese]:
    """With what a list shows beside them, without what costs a decryption or is large."""
    beside = anamneses.select_related("instrument", "corrects")
    return beside.defer("correction_reason", "instrument__definition", "corrects__correction_reason")
