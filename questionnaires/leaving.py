"""Drafts of clients who are no longer in care: closed with their answers, open again if that was a mistake.

Whether a client is in care is a fact of `care`, which knows no drafts: whoever changes it calls
follow_care(), and once a day close_drafts() finds those whose last day has passed.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from care.models import Client
from care.periods import CarePeriod
from questionnaires.models import Anamnese, AnamneseStatus, DiscardReason


@transaction.atomic
def follow_care(*, client: Client, day: date) -> None:
    """Close or open again the drafts of one client, as the care of a day asks."""
    if client.care_periods.filter(period__contains=day).exists():
        _open_again(client, day)
    else:
        _close(Anamnese.objects.filter(client=client))


def close_drafts(*, day: date) -> int:
    """Close the drafts of the clients in scope who are not in care on a day; return how many."""
    in_care = CarePeriod.objects.filter(client=OuterRef("client"), period__contains=day)
    return _close(Anamnese.objects.exclude(Exists(in_care)))


def _close(anamneses: QuerySet[Anamnese]) -> int:
    """The answers stay: nothing that was entered is lost because a day was typed wrongly."""
    return anamneses.filter(status=AnamneseStatus.DRAFT).update(
        status=AnamneseStatus.DISCARDED, discard_reason=DiscardReason.LEFT_CARE
    )


def _open_again(client: Client, day: date) -> None:
    """Undo the closing of drafts of this very period of care; after a real return they are history.

    Whoever has begun another draft since then goes on with that one.
    """
    same_period = CarePeriod.objects.filter(client=client, period__contains=day).filter(
        period__contains=OuterRef("date")
    )
    other_draft = Anamnese.objects.filter(
        client=client, nurse=OuterRef("nurse"), corrects=None, status=AnamneseStatus.DRAFT
    )
    Anamnese.objects.filter(
        Exists(same_period),
        ~Exists(other_draft),
        client=client,
        corrects=None,
        status=AnamneseStatus.DISCARDED,
        discard_reason=DiscardReason.LEFT_CARE,
    ).update(status=AnamneseStatus.DRAFT, discard_reason="")
