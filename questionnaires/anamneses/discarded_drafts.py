"""Drafts that a nurse threw away herself: for a day their answers stay, so that it can be undone.

As on the tablet, an id that was thrown away does not come back: what is brought back is a draft of its own.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.anamneses.services import lock_client, start_anamnese, start_correction
from questionnaires.schema.exceptions import NothingToBringBackError, OwnDraftError
from questionnaires.schema.models import Anamnese, AnamneseStatus

KEPT = timedelta(days=1)


def last_thrown_away(client: Client, membership: Membership) -> Anamnese | None:
    """Return what the user last threw away of a client and can bring back; None while she has a draft."""
    if selectors.drafts_of(membership, [client.pk]):
        return None
    return next((each for each in _kept(client, membership) if not _is_overtaken(each)), None)


@transaction.atomic
def bring_back(*, anamnese: Anamnese, membership: Membership) -> Anamnese:
    """Return a new draft with the date, the answers and the version of one that was thrown away.

    Raises NothingToBringBackError, OwnDraftError (the user has a draft of this client by now), and
    AnswersRefusedError where the day is no day of care any more.
    """
    client = lock_client(anamnese.client_id)
    old = _kept(client, membership).select_for_update(of=("self",)).filter(pk=anamnese.pk).first()
    if old is None or _is_overtaken(old):
        raise NothingToBringBackError
    if selectors.drafts_of(membership, [client.pk]):
        raise OwnDraftError
    draft = _begun_anew(old, client, membership)
    draft.answers, draft.set_aside, draft.revision = old.answers, old.set_aside, 1
    draft.active_seconds = old.active_seconds
    draft.save(update_fields=["answers", "set_aside", "active_seconds", "revision", "saved_at"])
    # Brought back once: what is left of the old one is that it was thrown away, and when.
    Anamnese.objects.filter(pk=old.pk).update(answers={}, set_aside={})
    return draft


def forget_answers(*, at: datetime) -> int:
    """Wipe the answers in scope that were thrown away a day or more ago; return of how many drafts."""
    over = _thrown(Anamnese.objects.filter(saved_at__lte=at - KEPT))
    return over.update(answers={}, set_aside={})


def _begun_anew(old: Anamnese, client: Client, membership: Membership) -> Anamnese:
    if old.corrects is not None:
        return start_correction(corrects=old.corrects, membership=membership, reason=old.correction_reason)
    return start_anamnese(client=client, membership=membership, day=old.date, instrument=old.instrument)


def _kept(client: Client, membership: Membership) -> QuerySet[Anamnese]:
    """The newest first; none when she began another since: on a tablet it may have come back already."""
    hers = Anamnese.objects.filter(client=client, nurse=membership.user_id)
    since = hers.filter(corrects=OuterRef("corrects"), created_at__gt=OuterRef("saved_at"))
    first_since = hers.filter(corrects=None, created_at__gt=OuterRef("saved_at"))
    kept = _thrown(hers.filter(saved_at__gt=now() - KEPT)).exclude(Exists(since))
    kept = kept.exclude(Exists(first_since), corrects=None)
    return kept.select_related("instrument", "corrects").order_by("-saved_at", "-pk")


def _thrown(anamneses: QuerySet[Anamnese]) -> QuerySet[Anamnese]:
    thrown = anamneses.filter(status=AnamneseStatus.DISCARDED, discard_reason="")
    return thrown.exclude(answers={}, set_aside={})


def _is_overtaken(old: Anamnese) -> bool:
    if old.corrects is not None:
        return selectors.is_corrected(old.corrects)
    return selectors.is_taken(old.client, old.date)
