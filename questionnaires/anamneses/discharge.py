"""Drafts of clients who are no longer in care: closed with their answers, open again if that was a mistake.

Whether a client is in care is a fact of `care`, which knows no drafts: a form that changes it calls
follow_care(); every ten minutes close_drafts() and open_drafts() find what a day, an import or a program
has changed. What can still be finished after the last day stays open: a correction, and an anamnese of a
day in care that was begun, or arrived from a tablet, when that care had ended.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from care.schema.models import Client
from care.schema.periods import CarePeriod
from questionnaires.schema.models import Anamnese, AnamneseStatus, DiscardReason


@transaction.atomic
def follow_care(*, client: Client, day: date) -> None:
    """Close or open again the drafts of one client, as the care of a day asks."""
    own = Anamnese.objects.filter(client=client)
    if client.care_periods.filter(period__contains=day).exists():
        _open_again(own, day)
    else:
        _close(own)


def close_drafts(*, day: date) -> int:
    """Close the drafts of the clients in scope who are not in care on a day; return how many."""
    in_care = CarePeriod.objects.filter(client=OuterRef("client"), period__contains=day)
    return _close(Anamnese.objects.exclude(Exists(in_care)))


@transaction.atomic
def open_drafts(*, day: date) -> int:
    """Open again what was closed by an end of care that has been taken back since; return how many."""
    clients = Client.objects.filter(pk__in=_wrongly_closed(Anamnese.objects.all(), day).values("client"))
    # Held, so that no draft is begun meanwhile: everybody has one of a client.
    held = [client.pk for client in clients.select_for_update().order_by("pk")]
    return _open_again(Anamnese.objects.filter(client__in=held), day)


def _close(anamneses: QuerySet[Anamnese]) -> int:
    """The answers stay: nothing that was entered is lost because a day was typed wrongly."""
    had_ended = CarePeriod.objects.filter(
        client=OuterRef("client"),
        period__contains=OuterRef("date"),
        period__endswith__lte=OuterRef("begun_on"),
    )
    drafts = anamneses.filter(status=AnamneseStatus.DRAFT, corrects=None)
    begun = drafts.annotate(begun_on=TruncDate("created_at")).exclude(Exists(had_ended))
    return Anamnese.objects.filter(pk__in=begun.values("pk"), status=AnamneseStatus.DRAFT).update(
        status=AnamneseStatus.DISCARDED, discard_reason=DiscardReason.LEFT_CARE
    )


def _open_again(anamneses: QuerySet[Anamnese], day: date) -> int:
    """Open the last draft of each nurse: she has one of a client."""
    closed = _wrongly_closed(anamneses, day).order_by("client", "nurse", "-created_at", "-pk")
    last = [anamnese.pk for anamnese in closed.distinct("client", "nurse").only("pk")]
    return Anamnese.objects.filter(pk__in=last).update(status=AnamneseStatus.DRAFT, discard_reason="")


def _wrongly_closed(anamneses: QuerySet[Anamnese], day: date) -> QuerySet[Anamnese]:
    """Those of this very period of care; after a real return they are history.

    Whoever has a draft, or began another since then, goes on with that one.
    """
    same_period = CarePeriod.objects.filter(client=OuterRef("client"), period__contains=day).filter(
        period__contains=OuterRef("date")
    )
    hers = Anamnese.objects.filter(client=OuterRef("client"), nurse=OuterRef("nurse"), corrects=None)
    begun_since = hers.filter(created_at__gt=OuterRef("created_at"))
    return anamneses.filter(
        Exists(same_period),
        ~Exists(hers.filter(status=AnamneseStatus.DRAFT)),
        ~Exists(begun_since.exclude(discard_reason=DiscardReason.LEFT_CARE)),
        corrects=None,
        status=AnamneseStatus.DISCARDED,
        discard_reason=DiscardReason.LEFT_CARE,
    )
