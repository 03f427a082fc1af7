"""The profile records that answers are about, little of each as there can be 50,000, and answers as rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from care.registries.domain_events import publish
from care.schema.models import Organisation
from care.tenancy.compiled_queries import among as among_numbers
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.queries.reply_queries import with_last_answer, with_last_reason
from declarations.schema.constants import GONE, AttachmentState, DeliveryMode
from declarations.schema.delivery_constants import JobPhase, ReplyStatus
from declarations.schema.delivery_models import RecordReply, Reply
from declarations.schema.domain_events import RecordsRejected
from declarations.schema.models import ProfileRecord

Value = TypeVar("Value")

ROWS_AT_ONCE: Final = 10_000
_COLUMNS: Final = (
    *("id", "reference", "attachment_id", "attachment__file_id", "carrier", "attachment__state"),
    *("form", "delivered_in_id", "last_status", "last_reason"),
)
_SAID: Final = ("record_id", "status", "reason", "at")
_LAST: Final = ("attachment_id", "last_status")
_WRITE: Final = """
    INSERT INTO declarations_recordreply (organisation_id, reply_id, record_id, status, reason, at)
    SELECT %s, %s, record, status, reason, %s
    FROM unnest(%s::bigint[], %s::text[], %s::bytea[]) AS told (record, status, reason)
"""
_MOVE: Final = """
    UPDATE declarations_attachment item SET state = told.state, changed_at = clock_timestamp()
    FROM unnest(%s::bigint[], %s::text[]) AS told (id, state)
    WHERE item.id = told.id AND item.state <> told.state AND item.state = ANY(%s)
    RETURNING item.file_id, item.state
"""


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A profile record by its id: whose it is, where it stands, what carried it, what was said of it last."""

    id: int
    reference: str
    person: int
    file: int
    carrier: int
    has_gone: bool
    status: str
    sealed_reason: bytes | None

    @property
    def reason(self) -> str:
        """Why; of 45,000 records nearly nobody asks."""
        return _opened(self.sealed_reason)


def by_reference(
    organisation: Organisation, references: Sequence[str], watcher: ProgressReporter = SILENT
) -> dict[str, SentRecord]:
    """Return the records of an organisation with these references (0431); who is absent is not among them."""
    found: dict[str, SentRecord] = {}
    watcher.begin(JobPhase.MATCHING, len(references))
    for wanted in _portions(references):
        those = RawSQL("select unnest(%s::text[])", (wanted,))
        rows = ProfileRecord.objects.filter(organisation=organisation, reference__in=those)
        found |= {row.reference: row for row in among(rows)}
        watcher.add(len(wanted))
    return found


def among(records: QuerySet[ProfileRecord]) -> list[SentRecord]:
    """Return records with what was said of each, by id."""
    rows = _rows(with_last_reason(records).values_list(*_COLUMNS))
    return [
        SentRecord(
            record_id,
            reference,
            person,
            file,
            carrier,
            state in GONE and (form != DeliveryMode.SEPARATE or delivered_in is not None),
            status,
            reason,
        )
        for record_id, reference, person, file, carrier, state, form, delivered_in, status, reason in rows
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that was recorded: what, why, and when."""

    status: str
    sealed_reason: bytes
    at: datetime

    @property
    def reason(self) -> str:
        """Why."""
        return _opened(self.sealed_reason)


def said_of(records: Sequence[int]) -> dict[int, list[Said]]:
    """Return everything that was said of records (ids), oldest first; who nothing was said of is absent."""
    found: dict[int, list[Said]] = defaultdict(list)
    for some in _portions(records):
        rows = RecordReply.objects.filter(record__in=among_numbers(some)).order_by("id")
        for record, *said in _rows(rows.values_list(*_SAID)):
            found[record].append(Said(*said))
    return found


def _opened(sealed: bytes | None) -> str:
    """Return a reason as text. To open one takes as long as to find it."""
    field: Any = RecordReply._meta.get_field("reason")
    return field.from_db_value(sealed, None, connection) or ""


def _rows(query: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Ask a question and return the rows as the database gives them: what is sealed stays so."""
    sql, params = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _portions(values: Sequence[Value]) -> Iterator[list[Value]]:
    return (list(values[at : at + ROWS_AT_ONCE]) for at in range(0, len(values), ROWS_AT_ONCE))


def write(
    reply: Reply, answers: Iterable[tuple[int, ReplyStatus, str]], watcher: ProgressReporter = SILENT
) -> None:
    """Write down what was said: the id of a record, the answer and its reason."""
    encrypted, now = RecordReply._meta.get_field("reason").get_prep_value, timezone.now()
    waiting = iter(answers)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        told = [(record, status.value, encrypted(reason)) for record, status, reason in some]
        columns = [list(column) for column in zip(*told, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [reply.organisation_id, reply.pk, now, *columns])
        watcher.add(len(some))


def move(organisation_id: int, persons: Iterable[int]) -> None:
    """Let the state of persons (attachments) follow what was said of their records.

    Who has a record that was not answered yet stays as they are: in the file.
    """
    # By lists of ids: of a table that has just grown the planner knows no better than to go through it.
    ids, said = sorted(set(persons)), defaultdict[int, set[str]](set)
    for some in _portions(ids):
        records = ProfileRecord.objects.filter(attachment__in=among_numbers(some))
        for person, status in _rows(with_last_answer(records).values_list(*_LAST)):
            said[person].add(status)
    states = [_state(said[person]).value for person in ids]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [ids, states, [state.value for state in GONE]])
        rejected = frozenset(file for file, state in cursor if state == AttachmentState.REJECTED)
    if rejected:
        publish(RecordsRejected(organisation_id, rejected))


def _state(said: Collection[str]) -> AttachmentState:
    if ReplyStatus.REJECTED in said:
        return AttachmentState.REJECTED
    return AttachmentState.ACCEPTED if set(said) == {ReplyStatus.ACCEPTED} else AttachmentState.EXPORTED
