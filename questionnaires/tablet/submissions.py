"""Taking in what a tablet holds of one anamnese: beginning, changing, or recognising it as a repeat."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.anamneses.services import (
    change_date,
    lock_client,
    save_answers,
    start_anamnese,
    start_correction,
    write_answers,
)
from questionnaires.schema.dates import DateProblem
from questionnaires.schema.exceptions import (
    AlreadyCorrectedError,
    AnamneseClash,
    AnswersRefusedError,
    ClashError,
    ConflictError,
    NotCorrectableError,
    NotYourDraftError,
    WrongVersionError,
)
from questionnaires.schema.models import Anamnese, AnamneseStatus, InstrumentVersion
from questionnaires.schema.payload import Payload


def repeated(*, payload: Payload, client: Client, membership: Membership) -> Anamnese | None:
    """Return the anamnese that this very payload has finished before, or None.

    Raises NotYourDraftError (the id is somebody else's), ClashError (finished otherwise, or thrown away).
    """
    known = _known(payload, client, membership)
    if known is None or known.status == AnamneseStatus.DRAFT:
        return None
    if known.status == AnamneseStatus.DISCARDED:
        raise ClashError(clash=AnamneseClash.DISCARDED, stored=known)
    if known.payload_hash != payload.hash:
        raise ClashError(clash=AnamneseClash.FINISHED, stored=known)
    return known


def save_known(*, payload: Payload, membership: Membership) -> Anamnese | None:
    """Save what was sent of a draft that is otherwise as the tablet knows it, in two statements.

    By far the most of what arrives. None where there is more to it: it begins or ends with this, its date,
    version or client is another, or it is not, or no longer, hers. Raises ClashError (changed elsewhere),
    AnswersRefusedError, AnswersFormatError.
    """
    if payload.is_finished:
        return None
    draft = selectors.hold_own_draft(membership, payload)
    if draft is None:
        return None
    busy = max(draft.active_seconds or 0, payload.seconds)
    with clashes(payload, draft.client):
        write_answers(
            draft,
            answers=payload.answers,
            revision=payload.revision,
            active_seconds=busy,
            brings_back=False,
        )
    return draft


@transaction.atomic
def receive_draft(*, payload: Payload, client: Client, membership: Membership) -> Anamnese:
    """Make the stored draft equal to what was sent, beginning it where it is new; returns it.

    The same again changes nothing. The client must be locked. Raises as `repeated`, and
    AnswersRefusedError (answers, age, date), ConflictError, ClashError (another draft of the same nurse),
    AlreadyCorrectedError, NotCorrectableError, WrongVersionError.
    """
    draft = _known(payload, client, membership) or _begin(payload, client, membership)
    if draft.instrument.version != payload.version:
        raise WrongVersionError
    if draft.corrects != _corrected(payload, client):
        raise NotCorrectableError
    revision = payload.revision
    if draft.date != payload.day:
        if revision != draft.revision:
            raise ConflictError(answers={}, revision=draft.revision)
        revision = change_date(anamnese=draft, membership=membership, day=payload.day).revision
    save_answers(
        anamnese=draft,
        membership=membership,
        answers=payload.answers,
        revision=revision,
        brings_back=False,
    )
    draft.refresh_from_db(fields=["answers", "set_aside", "revision", "date", "saved_at"])
    _keep_measured(draft, payload)
    return draft


@contextmanager
def clashes(payload: Payload, client: Client) -> Iterator[None]:
    """Turn refusals that a person can choose about into a ClashError with what is stored."""
    try:
        yield
    except ConflictError as error:
        stored = Anamnese.objects.select_related("instrument", "corrects").get(public_id=payload.public_id)
        raise ClashError(clash=AnamneseClash.CHANGED, stored=stored) from error
    except AlreadyCorrectedError as error:
        raise ClashError(clash=AnamneseClash.CORRECTED, stored=_standing(client, payload)) from error
    except AnswersRefusedError as error:
        if error.date_problem is not DateProblem.TAKEN:
            raise
        raise ClashError(clash=AnamneseClash.TAKEN, stored=_standing(client, payload)) from error


def lock(client: Client) -> Client:
    """Hold the client until the transaction ends: what happens to one client happens one by one."""
    return lock_client(client.pk)


def _known(payload: Payload, client: Client, membership: Membership) -> Anamnese | None:
    rows = Anamnese.objects.select_related("instrument", "client", "corrects")
    known = rows.filter(public_id=payload.public_id).first()
    if known is not None and (known.nurse_id != membership.user_id or known.client_id != client.pk):
        raise NotYourDraftError
    return known


def _begin(payload: Payload, client: Client, membership: Membership) -> Anamnese:
    version = selectors.instrument_version(payload.version)
    if version is None:
        raise WrongVersionError
    corrects = _corrected(payload, client)
    same = Anamnese.objects.select_related("instrument", "corrects").filter(
        client=client, nurse=membership.user_id, corrects=corrects, status=AnamneseStatus.DRAFT
    )
    if (other := same.first()) is not None:
        raise ClashError(clash=AnamneseClash.OTHER_DRAFT, stored=other)
    if corrects is None:
        return _begin_new(payload, client, membership, version)
    return start_correction(
        corrects=corrects, membership=membership, reason=payload.reason, public_id=payload.public_id
    )


def _begin_new(
    payload: Payload, client: Client, membership: Membership, version: InstrumentVersion
) -> Anamnese:
    return start_anamnese(
        client=client,
        membership=membership,
        day=payload.day,
        public_id=payload.public_id,
        instrument=version,
    )


def _corrected(payload: Payload, client: Client) -> Anamnese | None:
    if payload.corrects is None:
        return None
    corrects = Anamnese.objects.filter(public_id=payload.corrects, client=client).first()
    if corrects is None or corrects.date != payload.day:
        raise NotCorrectableError
    return corrects


def _keep_measured(draft: Anamnese, payload: Payload) -> None:
    # On the tablet the whole of it was measured, unless it began on another screen.
    draft.active_seconds = max(draft.active_seconds or 0, payload.seconds)
    draft.payload_hash = payload.hash if payload.is_finished else ""
    # Not through save(): when the answers were saved stays as it is, so that repeats are answered alike.
    Anamnese.objects.filter(pk=draft.pk).update(
        active_seconds=draft.active_seconds, payload_hash=draft.payload_hash
    )


def _standing(client: Client, payload: Payload) -> Anamnese:
    return (
        Anamnese.objects.filter(client=client, date=payload.day, status=AnamneseStatus.FINISHED)
        .exclude(corrections__status=AnamneseStatus.FINISHED)
        .select_related("instrument", "corrects")
        .get()
    )
