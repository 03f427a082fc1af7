"""Taking in anamneses that were made elsewhere, by the thousand: checked whole, written whole or not at all.

What comes out is what finishing them one by one would give: the same checks, the same engine, and
the same placing. Nobody is recorded as the nurse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from care.schema import crypto
from care.schema.identifiers import is_bsn
from care.schema.models import Client, Organisation
from care.tenancy.commands import ImportProblems, Row, parse_date
from profiles.engine import Derivation, derive
from profiles.schema.models import ModelVersion
from profiles.timeline import selectors
from profiles.timeline.timeline import Arrival, place
from profiles.timeline.versions import model_among, model_of
from questionnaires.anamneses.draft_rules import with_age
from questionnaires.anamneses.problem_texts import file_sentence
from questionnaires.anamneses.selectors import in_force, instrument_versions
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import (
    Answers,
    Instrument,
    age_on,
    check,
    from_cells,
    from_json,
    stored,
    to_json,
)
from questionnaires.schema.dates import date_problem
from questionnaires.schema.models import Anamnese, AnamneseStatus, InstrumentVersion

FIRST_COLUMNS: Final = ("bsn", "datum")
BATCH: Final = 1000
#: Far more than the sets of answers that really occur; odd ones must not fill the memory.
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many anamneses were added, and how many were there already."""

    added: int
    skipped: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known of one set of cells for an age on this or that side of the limit."""

    answers: Answers
    problems: tuple[str, ...]
    derivation: Derivation | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row that can be taken in, unless the client has an anamnese of that day."""

    line: int
    client: Client
    day: date
    instrument: InstrumentVersion
    model: ModelVersion
    judged: _Judged

    @property
    def key(self) -> tuple[int, date]:
        """The client and the day: there can be one anamnese of them."""
        return self.client.pk, self.day


@dataclass(slots=True)
class _Import:
    """The work on one file."""

    organisation: Organisation
    problems: ImportProblems
    questions: tuple[str, ...] | None
    today: date
    instruments: Sequence[InstrumentVersion]
    models: Sequence[ModelVersion]
    seen: dict[tuple[int, date], tuple[int, Answers]] = field(default_factory=dict)
    judged: dict[tuple[object, ...], _Judged] = field(default_factory=dict)
    added: int = 0
    skipped: int = 0


def columns_like(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the instrument that a file was made for, or of today's where it is like none."""
    known = [columns_of(instrument_of(version)) for version in instrument_versions()]
    today = columns_of(instrument_of(in_force(instrument_versions(), localdate())))
    return next((columns for columns in known if columns == tuple(header)), today)


def columns_of(instrument: Instrument) -> tuple[str, ...]:
    """Return the columns of a file of anamneses: a cell for each question, in the instrument's order."""
    return (*FIRST_COLUMNS, *_questions(instrument))


def questions_by_day(days: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the questions of the instrument of each day (YYYY-MM-DD); of today's where it is no day."""
    known = instrument_versions()
    return {day: _questions(instrument_of(in_force(known, _day_or_today(day)))) for day in days}


def _day_or_today(text: str) -> date:
    try:
        return parse_date(text.strip())
    except ValueError:
        return localdate()


def _questions(instrument: Instrument) -> tuple[str, ...]:
    return tuple(question.id for question in instrument.questions)


@transaction.atomic
def import_anamneses(
    *, organisation: Organisation, rows: Iterable[Row], problems: ImportProblems, columns: Sequence[str] = ()
) -> Imported:
    """Take in finished anamneses from the rows of a file with these columns (`columns_like`).

    Without columns each row has those of the instrument of its day; else a day on which one with other
    questions is in force is a problem of its row. A row that repeats
    an anamnese (client, date and answers) is skipped. Runs in the organisation's
    scope; raises Refusal with every problem of the file, and then nothing has been written.
    """
    work = _Import(
        organisation=organisation,
        problems=problems,
        questions=tuple(columns[len(FIRST_COLUMNS) :]) or None,
        today=localdate(),
        instruments=instrument_versions(),
        models=selectors.model_versions(),
    )
    for batch in _batches(rows):
        _take_in(work, batch)
    problems.refuse_if_any()
    return Imported(work.added, work.skipped)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _take_in(work: _Import, rows: Sequence[Row]) -> None:
    clients = _clients(work.organisation, rows)
    entries = [entry for row in rows if (entry := _read(work, row, clients)) is not None]
    there = _there_already({entry.key for entry in entries})
    fresh = [entry for entry in entries if _is_fresh(work, entry, there)]
    _write(fresh)
    work.added += len(fresh)
    work.skipped += len(entries) - len(fresh)


def _clients(organisation: Organisation, rows: Sequence[Row]) -> Mapping[bytes, Client]:
    """Return the clients of a batch by hashed BSN, held until the transaction ends."""
    hashes = {_hash(organisation, row) for row in rows}
    clients = (
        Client.objects.select_for_update()
        .filter(organisation=organisation, bsn_hash__in=hashes)
        .only("bsn_hash", "date_of_birth", "organisation_id")
        .prefetch_related("care_periods")
        .order_by("pk")
    )
    return {bytes(client.bsn_hash): client for client in clients}


def _hash(organisation: Organisation, row: Row) -> bytes:
    """Return the hash of the row's BSN; none, which no client has, where the cell holds something else."""
    bsn = row.cells[0].strip()
    return crypto.bsn_hash(bsn, organisation_id=organisation.pk) if is_bsn(bsn) else b""


def _read(work: _Import, row: Row, clients: Mapping[bytes, Client]) -> _Entry | None:
    """Check one row as far as it stands by itself; what is wrong is noted."""
    client, day = _client(work, row, clients), _day(work, row)
    if client is None or day is None:
        return None
    if wrong_day := date_problem(client, day, today=work.today):
        work.problems.add(row.line, f"datum: {wrong_day.label}")
    instrument = in_force(work.instruments, day)
    if work.questions not in (None, _questions(instrument_of(instrument))):
        work.problems.add(row.line, _("datum: op deze dag geldt een vragenlijst met andere vragen."))
        return None
    model = model_among(work.models, instrument, day)
    judged = _judge(work, row, instrument, model, age_on(client.date_of_birth, day))
    for sentence in judged.problems:
        work.problems.add(row.line, sentence)
    if wrong_day or judged.problems:
        return None
    return _Entry(row.line, client, day, instrument, model, judged)


def _client(work: _Import, row: Row, clients: Mapping[bytes, Client]) -> Client | None:
    bsn = row.cells[0].strip()
    client = clients.get(_hash(work.organisation, row))
    if not is_bsn(bsn):
        work.problems.add(row.line, _("bsn: dit is geen geldig BSN; een BSN heeft 9 cijfers."))
    elif client is None:
        work.problems.add(row.line, _("bsn: de organisatie heeft geen cliënt met dit BSN."))
    return client


def _day(work: _Import, row: Row) -> date | None:
    try:
        return parse_date(row.cells[1].strip())
    except ValueError:
        work.problems.add(row.line, _("datum: schrijf een bestaande datum als JJJJ-MM-DD."))
        return None


def _judge(work: _Import, row: Row, instrument: InstrumentVersion, model: ModelVersion, age: int) -> _Judged:
    """Check and derive a set of cells once for each age that answers differently."""
    asked = instrument_of(instrument)
    by_age = with_age(asked, {}, age=age)
    key = (row.cells[2:], tuple(sorted(by_age.items())), instrument.pk, model.pk)
    found = work.judged.get(key)
    if found is None:
        found = _judge_cells(asked, row.cells[2:], model, age)
        if len(work.judged) < _REMEMBERED:
            work.judged[key] = found
    return found


def _judge_cells(asked: Instrument, cells: Sequence[str], model: ModelVersion, age: int) -> _Judged:
    answers = with_age(asked, from_cells(asked, cells), age=age)
    problems = check(asked, answers, complete=True, age=age)
    if problems:
        return _Judged(answers, tuple(file_sentence(asked, problem) for problem in problems), None)
    kept = stored(asked, answers)
    return _Judged(kept, (), derive(kept, model_of(model)))


def _there_already(keys: set[tuple[int, date]]) -> Mapping[tuple[int, date], list[Answers]]:
    """Return the answers of the finished anamneses of these clients, by client and day."""
    rows = Anamnese.objects.filter(
        client_id__in={client for client, _day in keys}, status=AnamneseStatus.FINISHED
    ).values_list("client_id", "date", "answers")
    there: dict[tuple[int, date], list[Answers]] = defaultdict(list)
    for client_id, day, answers in rows:
        there[client_id, day].append(from_json(answers))
    return there


def _is_fresh(work: _Import, entry: _Entry, there: Mapping[tuple[int, date], list[Answers]]) -> bool:
    """Tell whether a row is new; one that differs from what is there already is noted."""
    line, before = work.seen.setdefault(entry.key, (entry.line, entry.judged.answers))
    if line != entry.line:
        if before != entry.judged.answers:
            sentence = _("regel %(line)d heeft andere antwoorden voor dezelfde cliënt en datum.")
            work.problems.add(entry.line, sentence % {"line": line})
        return False
    known = there.get(entry.key)
    if known and entry.judged.answers not in known:
        sentence = _("van deze cliënt en datum is er al een anamnese, met andere antwoorden.")
        work.problems.add(entry.line, sentence)
    return not known


def _write(entries: Sequence[_Entry]) -> None:
    anamneses = Anamnese.objects.bulk_create(_anamnese(entry) for entry in entries)
    place(
        [
            Arrival(anamnese, entry.client.date_of_birth, entry.judged.derivation, entry.model)
            for anamnese, entry in zip(anamneses, entries, strict=True)
            if entry.judged.derivation is not None
        ]
    )


def _anamnese(entry: _Entry) -> Anamnese:
    return Anamnese(
        organisation_id=entry.client.organisation_id,
        client=entry.client,
        instrument=entry.instrument,
        date=entry.day,
        answers=to_json(instrument_of(entry.instrument), entry.judged.answers),
        status=AnamneseStatus.FINISHED,
    )
