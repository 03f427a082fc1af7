"""Starting, filling in, throwing away and freezing an anamnese."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from care.schema.models import Client, Membership
from questionnaires.anamneses import selectors
from questionnaires.anamneses.draft_rules import (
    Drafted,
    DraftProgress,
    draft,
    progress,
    with_age,
    without_age,
)
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import (
    AnswerProblem,
    Answers,
    Reach,
    age_on,
    check,
    freeze,
    from_json,
    reach,
    stored,
    to_json,
)
from questionnaires.schema.dates import DateProblem, date_problem
from questionnaires.schema.exceptions import (
    AlreadyCorrectedError,
    AnswersRefusedError,
    ConflictError,
    NotADraftError,
    NotCorrectableError,
    NotYourDraftError,
)
from questionnaires.schema.models import Anamnese, AnamneseStatus, InstrumentVersion


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it was saved: its answers, their revision, and what is set aside.

    `dropped` names the questions that lost their answer by this, `returned` those that got theirs back.
    """

    answers: Answers
    revision: int
    dropped: tuple[str, ...]
    saved_at: datetime
    set_aside: Answers
    returned: tuple[str, ...]


@transaction.atomic
def start_anamnese(
    *,
    client: Client,
    membership: Membership,
    day: date,
    public_id: UUID | None = None,
    instrument: InstrumentVersion | None = None,
) -> Anamnese:
    """Return a new, empty draft of this day, or the draft that the user already has for the client.

    `public_id` is made by whoever fills in, so that a repeated start makes nothing double. `instrument` is
    the one that a tablet began with, which may have a successor by now; else the one in force is taken.
    Raises AnswersRefusedError (date), NotYourDraftError (the id is somebody else's).
    """
    client = lock_client(client.pk)
    known = _known(client, membership, public_id, corrects=None)
    if known is not None:
        return known
    _confirm_date(client, day)
    instrument = instrument or selectors.instrument_on(day)
    return _create(Anamnese(client=client, instrument=instrument, date=day), membership, public_id)


def start_with_answers(
    *, begun: Anamnese, membership: Membership, answers: object, active_seconds: int
) -> Anamnese:
    """Store a new draft with the answers that it has by now: start_anamnese and save_answers in one.

    `begun` brings its public id, client, instrument and date. The caller holds the client in a
    transaction, and knows of no draft of the user's for the client. Raises AnswersRefusedError,
    AnswersFormatError, NotYourDraftError.
    """
    _confirm_date(begun.client, begun.date)
    instrument = instrument_of(begun.instrument)
    drafted = _drafted(begun, answers, aside=freeze({}))
    begun.answers = to_json(instrument, drafted.answers)
    begun.set_aside = to_json(instrument, _set_aside(begun, drafted))
    begun.revision = int(bool(drafted.answers))
    begun.active_seconds = active_seconds
    return _create(begun, membership, begun.public_id)


@transaction.atomic
def start_correction(
    *, corrects: Anamnese, membership: Membership, reason: str, public_id: UUID | None = None
) -> Anamnese:
    """Return a draft that will replace a finished anamnese, of the same date.

    It begins with the old answers: it mends a mistake, so what was right need not be given again. The
    draft that the user already has for it is returned, with the new reason.
    Raises NotCorrectableError, AlreadyCorrectedError, NotYourDraftError.
    """
    client = lock_client(corrects.client_id)
    corrects = Anamnese.objects.select_related("instrument").get(pk=corrects.pk)
    if corrects.status != AnamneseStatus.FINISHED or not reason.strip():
        raise NotCorrectableError
    if selectors.is_corrected(corrects):
        raise AlreadyCorrectedError
    known = _known(client, membership, public_id, corrects=corrects)
    if known is not None:
        known.correction_reason = reason.strip()
        known.save(update_fields=["correction_reason", "saved_at"])
        return known
    correction = Anamnese(
        client=client,
        instrument=corrects.instrument,
        date=corrects.date,
        answers=_answers_given(corrects),
        corrects=corrects,
        correction_reason=reason.strip(),
    )
    return _create(correction, membership, public_id)


@transaction.atomic
def save_answers(
    *,
    anamnese: Anamnese,
    membership: Membership,
    answers: object,
    revision: int,
    seconds: int = 0,
    brings_back: bool = True,
) -> Saved:
    """Save the whole answer set of a draft that was read at this revision; gaps are allowed.

    `seconds` of being busy with it come on top of what was measured before. Answers to questions that do
    not apply now are set aside, and come back once they do: also those of before that are not among
    `answers`, as a tablet leaves them out. A tablet brings its own back (`brings_back` is false).
    A question that is there without an answer was emptied by hand. Saving the same set again is no
    conflict. Raises AnswersRefusedError (unknown question or option, age), AnswersFormatError,
    ConflictError, NotADraftError, NotYourDraftError.
    """
    anamnese = lock_draft(anamnese, membership)
    busy = (anamnese.active_seconds or 0) + seconds if seconds else anamnese.active_seconds
    return write_answers(
        anamnese, answers=answers, revision=revision, active_seconds=busy, brings_back=brings_back
    )


def write_answers(
    anamnese: Anamnese, *, answers: object, revision: int, active_seconds: int | None, brings_back: bool
) -> Saved:
    """Save the answers of a draft that the caller holds, as `save_answers` says; in one statement at most."""
    instrument = instrument_of(anamnese.instrument)
    now = from_json(anamnese.answers)
    aside = _still_aside(anamnese, answers) if brings_back else freeze({})
    drafted = _drafted(anamnese, answers, aside=aside)
    set_aside = _set_aside(anamnese, drafted)
    is_changed = dict(drafted.answers) != dict(now)
    if is_changed and revision != anamnese.revision:
        raise ConflictError(answers=now, revision=anamnese.revision)
    was_busy, anamnese.active_seconds = anamnese.active_seconds, active_seconds
    if is_changed or dict(set_aside) != dict(from_json(anamnese.set_aside)):
        anamnese.answers = to_json(instrument, drafted.answers)
        anamnese.set_aside = to_json(instrument, set_aside)
        anamnese.revision += is_changed
        anamnese.save(update_fields=["answers", "set_aside", "revision", "active_seconds", "saved_at"])
    elif was_busy != active_seconds:
        # Not through save(): when the answers were saved stays as it is, so that repeats are answered alike.
        Anamnese.objects.filter(pk=anamnese.pk).update(active_seconds=active_seconds)
    return Saved(
        answers=drafted.answers,
        revision=anamnese.revision,
        dropped=drafted.dropped,
        saved_at=anamnese.saved_at,
        set_aside=set_aside,
        returned=drafted.returned,
    )


@transaction.atomic
def change_date(*, anamnese: Anamnese, membership: Membership, day: date) -> Anamnese:
    """Give a draft another date; the instrument that it began with stays.

    Raises AnswersRefusedError (date), NotCorrectableError (a correction keeps the date of what it
    replaces), NotADraftError, NotYourDraftError.
    """
    anamnese = lock_draft(anamnese, membership)
    if anamnese.corrects_id is not None:
        raise NotCorrectableError
    _confirm_date(anamnese.client, day)
    anamnese.date = day
    # What is open to the adult may not be asked of the child: an answer too many goes here, not at the end.
    instrument, aside = instrument_of(anamnese.instrument), from_json(anamnese.set_aside)
    kept = draft(instrument, from_json(anamnese.answers), age=age_of(anamnese), aside=aside)
    anamnese.answers = to_json(instrument, kept.answers)
    anamnese.set_aside = to_json(instrument, kept.set_aside)
    anamnese.revision += 1
    anamnese.save(update_fields=["date", "answers", "set_aside", "revision", "saved_at"])
    return anamnese


@transaction.atomic
def discard_anamnese(*, anamnese: Anamnese, membership: Membership) -> None:
    """Throw a draft away; what was thrown away before is left alone.

    Its answers stay for a day, so that it can be undone: see thrown_away.
    Raises NotADraftError for a finished one, NotYourDraftError.
    """
    anamnese = _locked(anamnese, membership)
    if anamnese.status == AnamneseStatus.DISCARDED:
        return
    if anamnese.status != AnamneseStatus.DRAFT:
        raise NotADraftError
    anamnese.status = AnamneseStatus.DISCARDED
    anamnese.save(update_fields=["status", "saved_at"])


def freeze_anamnese(*, anamnese: Anamnese) -> Anamnese:
    """Finish a draft whose client and row the caller has locked; returns it with the answers that count.

    Raises AnswersRefusedError with all that is wrong, AlreadyCorrectedError.
    """
    if anamnese.corrects is not None and selectors.is_corrected(anamnese.corrects):
        raise AlreadyCorrectedError
    problems, wrong_date = problems_of(anamnese)
    if problems or wrong_date:
        raise AnswersRefusedError(problems=problems, date_problem=wrong_date)
    instrument = instrument_of(anamnese.instrument)
    anamnese.answers = to_json(instrument, stored(instrument, complete_answers(anamnese)))
    anamnese.set_aside = {}
    anamnese.status = AnamneseStatus.FINISHED
    anamnese.save(update_fields=["answers", "set_aside", "status", "saved_at"])
    return anamnese


def problems_of(anamnese: Anamnese) -> tuple[Sequence[AnswerProblem], DateProblem | None]:
    """Return everything that keeps a draft from being finished: its answers and its date."""
    instrument = instrument_of(anamnese.instrument)
    answers = complete_answers(anamnese)
    problems = check(instrument, answers, complete=True, age=age_of(anamnese))
    # A correction takes the date of the anamnese that it replaces, which was judged then.
    return problems, None if anamnese.corrects_id else _date_problem(anamnese.client, anamnese.date)


def complete_answers(anamnese: Anamnese) -> Answers:
    """Return the answers of an anamnese, with what follows from the age on its date."""
    instrument = instrument_of(anamnese.instrument)
    return with_age(instrument, from_json(anamnese.answers), age=age_of(anamnese))


def progress_of(anamnese: Anamnese, client: Client) -> DraftProgress:
    """Return how far a draft of a client is."""
    anamnese.client = client
    return progress(instrument_of(anamnese.instrument), complete_answers(anamnese))


def age_of(anamnese: Anamnese) -> int:
    """Return the client's age in whole years on the anamnese's date."""
    return age_on(anamnese.client.date_of_birth, anamnese.date)


def lock_client(client_id: int) -> Client:
    """Hold the client until the transaction ends: what happens to one client happens one by one."""
    return Client.objects.select_for_update().get(pk=client_id)


def lock_draft(anamnese: Anamnese, membership: Membership) -> Anamnese:
    """Hold a draft of the user's own until the transaction ends. Raises NotADraftError, NotYourDraftError."""
    anamnese = _locked(anamnese, membership)
    if anamnese.status != AnamneseStatus.DRAFT:
        raise NotADraftError
    return anamnese


def _locked(anamnese: Anamnese, membership: Membership) -> Anamnese:
    rows = Anamnese.objects.select_for_update(of=("self",)).select_related("instrument", "client", "corrects")
    anamnese = rows.defer("instrument__definition").get(pk=anamnese.pk)
    if anamnese.nurse_id != membership.user_id:
        raise NotYourDraftError
    return anamnese


def _known(
    client: Client, membership: Membership, public_id: UUID | None, *, corrects: Anamnese | None
) -> Anamnese | None:
    if public_id is not None and (same := Anamnese.objects.filter(public_id=public_id).first()):
        if same.nurse_id != membership.user_id or same.client_id != client.pk:
            raise NotYourDraftError
        return same
    return Anamnese.objects.filter(
        client=client, nurse=membership.user_id, corrects=corrects, status=AnamneseStatus.DRAFT
    ).first()


def _create(anamnese: Anamnese, membership: Membership, public_id: UUID | None) -> Anamnese:
    anamnese.public_id = public_id or uuid4()
    anamnese.organisation_id, anamnese.nurse_id = anamnese.client.organisation_id, membership.user_id
    try:
        with transaction.atomic():
            anamnese.save(force_insert=True)
    except IntegrityError as error:
        # The client is locked, so all that can clash is the id: with one of another organisation.
        raise NotYourDraftError from error
    return anamnese


def _confirm_date(client: Client, day: date) -> None:
    problem = _date_problem(client, day)
    if problem is not None:
        raise AnswersRefusedError(date_problem=problem)


def _date_problem(client: Client, day: date) -> DateProblem | None:
    problem = date_problem(client, day, today=localdate())
    if problem is None and selectors.is_taken(client, day):
        return DateProblem.TAKEN
    return problem


def _drafted(anamnese: Anamnese, answers: object, *, aside: Answers) -> Drafted:
    drafted = draft(instrument_of(anamnese.instrument), from_json(answers), age=age_of(anamnese), aside=aside)
    if drafted.problems:
        raise AnswersRefusedError(problems=drafted.problems)
    return drafted


def _still_aside(anamnese: Anamnese, answers: object) -> Answers:
    """What is set aside of questions that the sent answers do not name, not even as emptied."""
    named = answers.keys() if isinstance(answers, Mapping) else ()
    return freeze({name: codes for name, codes in from_json(anamnese.set_aside).items() if name not in named})


def _set_aside(anamnese: Anamnese, drafted: Drafted) -> Answers:
    """What does not apply now, with what was in force or aside before and was not sent again."""
    instrument = instrument_of(anamnese.instrument)
    complete = with_age(instrument, drafted.answers, age=age_of(anamnese))
    before = {**from_json(anamnese.set_aside), **from_json(anamnese.answers), **drafted.set_aside}
    return freeze(
        {
            question.id: before[question.id]
            for question in instrument.questions
            if question.id in before and reach(instrument, question, complete) is Reach.HIDDEN
        }
    )


def _answers_given(anamnese: Anamnese) -> Mapping[str, str | list[str]]:
    instrument = instrument_of(anamnese.instrument)
    return to_json(instrument, without_age(instrument, freeze(from_json(anamnese.answers))))
