"""Taking in what a tablet holds of one anamnese: beginning, changing, or recognising it as a repeat."""

from collections.abc import Iterator
from contextlib import contextmanager

from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.anamneses.services import (
    change_date,
    lock_client,
    save_answers,
    start_anamnese,
    start_correction,
    start_with_answers,
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


def known_of(*, payload: Payload, client: Client, membership: Membership) -> Anamnese | None:
    """Return what is stored of this anamnese, or None. Raises NotYourDraftError (it is somebody else's)."""
    rows = Anamnese.objects.select_related("instrument", "client", "corrects").defer("instrument__definition")
    known = rows.filter(public_id=payload.public_id).first()
    if known is not None and (known.nurse_id != membership.user_id or known.client_id != client.pk):
        raise NotYourDraftError
    return known


def repeated(*, payload: Payload, known: Anamnese | None) -> Anamnese | None:
    """Return the anamnese that this very payload has finished before, or None.

    Raises ClashError (finished otherwise, or thrown away).
    """
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
    if payload.is_finished or not payload.revision:
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


def receive_draft(
    *, payload: Payload, client: Client, membership: Membership, known: Anamnese | None
) -> Anamnese:
    """Make the stored draft (`known`) equal to what was sent, beginning it where it is new; returns it.

    The same again changes nothing. The client is held, in a transaction of the caller's. Raises
    AnswersRefusedError (answers, age, date), ConflictError, ClashError (another draft of the same nurse),
    AlreadyCorrectedError, NotCorrectableError, WrongVersionError.
    """
    if known is None and payload.corrects is None and not payload.revision:
        return _begin_with_answers(payload, client, membership)
    draft = known or _begin(payload, client, membership)
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


def _begin_with_answers(payload: Payload, client: Client, membership: Membership) -> Anamnese:
    """Store what nobody had yet as it stands on the tablet."""
    begun = Anamnese(
        public_id=payload.public_id,
        client=client,
        instrument=_version_of(payload),
        date=payload.day,
        payload_hash=_hash_of(payload),
    )
    _confirm_only_draft(client, membership, corrects=None)
    return start_with_answers(
        begun=begun, membership=membership, answers=payload.answers, active_seconds=payload.seconds
    )


def _version_of(payload: Payload) -> InstrumentVersion:
    version = selectors.instrument_version(payload.version)
    if version is None:
        raise WrongVersionError
    return version


def _confirm_only_draft(client: Client, membership: Membership, *, corrects: Anamnese | None) -> None:
    same = Anamnese.objects.select_related("instrument", "corrects").filter(
        client=client, nurse=membership.user_id, corrects=corrects, status=AnamneseStatus.DRAFT
    )
    if (other := same.first()) is not None:
        raise ClashError(clash=AnamneseClash.OTHER_DRAFT, stored=other)


def _begin(payload: Payload, client: Client, membership: Membership) -> Anamnese:
    version = _version_of(payload)
    corrects = _corrected(payload, client)
    _confirm_only_draft(client, membership, corrects=corrects)
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
    draft.payload_hash = _hash_of(payload)
    # Not through save(): when the answers were saved stays as it is, so that repeats are answered alike.
    Anamnese.objects.filter(pk=draft.pk).update(
        active_seconds=draft.active_seconds, payload_hash=draft.payload_hash
    )


def _hash_of(payload: Payload) -> str:
    return payload.hash if payload.is_finished else ""


def _standing(client: Client, payload: Payload) -> Anamnese:
    return (
        Anamnese.objects.filter(client=client, date=payload.day, status=AnamneseStatus.FINISHED)
        .exclude(corrections__status=AnamneseStatus.FINISHED)
        .select_related("instrument", "corrects")
        .get()
    )
