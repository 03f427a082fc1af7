"""What insurers answered about profile records: looked at first, then recorded whole or not at all.

Of several answers about one record the last one counts. A person is returned as soon as one of the records
is, and accepted when all of them are.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.models import Organisation, User
from declarations.apart import corrections
from declarations.api.models import ApiToken
from declarations.constants import GONE, DeliveryForm
from declarations.exceptions import DeclarationError, Problem, WrongStateError
from declarations.models import DeclarationFile, ProfileRecord
from declarations.outgoing import deliveries
from declarations.outgoing.answers import with_last_answer, with_last_reason
from declarations.outgoing.constants import ReplyKind, ReplyState, ReplyStatus
from declarations.outgoing.models import RecordReply, Reply
from declarations.outgoing.reply_list import Answer, read_list

ROWS_AT_ONCE = 2_000
# A person with a record that was not answered yet stays as it is: in the file.
MOVE_PERSONS = """
    UPDATE declarations_attachment item SET state = told.state, changed_at = clock_timestamp()
    FROM (
        SELECT record.attachment_id, CASE
            WHEN bool_or(coalesce(last.status, '') = 'afgekeurd') THEN 'rejected'
            WHEN bool_and(coalesce(last.status, '') = 'aanvaard') THEN 'accepted'
            ELSE 'exported' END AS state
        FROM declarations_profilerecord record
        LEFT JOIN LATERAL (
            SELECT status FROM declarations_recordreply reply
            WHERE reply.record_id = record.id ORDER BY reply.id DESC LIMIT 1
        ) last ON true
        WHERE record.attachment_id IN (
            SELECT answered.attachment_id FROM declarations_recordreply reply
            JOIN declarations_profilerecord answered ON answered.id = reply.record_id
            WHERE reply.reply_id = %s
        )
        GROUP BY record.attachment_id
    ) told
    WHERE item.id = told.attachment_id AND item.state <> told.state
        AND item.state IN ('exported', 'accepted', 'rejected')
"""

log = logging.getLogger(__name__)


class ReplyRefusedError(DeclarationError):
    """The list has mistakes: nothing of it was recorded. `problems` says which, by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        sentence = ngettext(
            "De lijst is niet vastgelegd: er zit %(total)d fout in.",
            "De lijst is niet vastgelegd: er zitten %(total)d fouten in.",
            len(problems),
        )
        super().__init__(sentence % {"total": len(problems)})
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Told:
    """One answer beside the record that it is about; `before` is the answer that stood (empty: none)."""

    record: ProfileRecord
    status: ReplyStatus
    reason: str
    before: str
    reason_before: str = ""
    line: int = 0

    @property
    def is_new(self) -> bool:
        """Whether it says anything that was not known."""
        return (self.before, self.reason_before) != (self.status, self.reason)


@dataclass(frozen=True, slots=True)
class Preview:
    """What recording an answer would come to."""

    accepted: int
    rejected: int
    known: int
    others: int
    told: tuple[Told, ...] = field(repr=False)


@transaction.atomic
def prepare_list(
    *,
    organisation: Organisation,
    content: bytes,
    user: User | None = None,
    token: ApiToken | None = None,
    unsent: int = 0,
) -> Reply:
    """Keep a list to be looked at; nothing counts yet. Raises ReplyRefusedError with every mistake in it.

    `unsent`: lines at its top that whoever sent it does not know of; mistakes are told by the others.
    """
    preview_of_list(organisation, content, unsent=unsent)
    return Reply.objects.create(
        organisation=organisation,
        kind=ReplyKind.LIST,
        content=content.decode("utf-8-sig"),
        user=user,
        token=token,
    )


def preview_of(reply: Reply) -> Preview:
    """Return what recording a prepared list would come to now. Raises ReplyRefusedError."""
    return preview_of_list(reply.organisation, reply.content.encode())


def preview_of_list(organisation: Organisation, content: bytes, *, unsent: int = 0) -> Preview:
    """Match a list with the records of an organisation. Raises ReplyRefusedError."""
    read = read_list(content, unsent=unsent)
    found = _by_reference(organisation, read.answers)
    problems = (*read.problems, *_unknown(read.answers, found))
    if problems:
        raise ReplyRefusedError(tuple(sorted(problems, key=lambda problem: problem.line)))
    told = tuple(_told(answer, found[answer.reference]) for answer in read.answers)
    return _preview(told, read.others)


def _by_reference(organisation: Organisation, answers: Sequence[Answer]) -> dict[str, ProfileRecord]:
    found: dict[str, ProfileRecord] = {}
    for at in range(0, len(answers), ROWS_AT_ONCE):
        wanted = [answer.reference for answer in answers[at : at + ROWS_AT_ONCE]]
        rows = with_last_reason(ProfileRecord.objects.filter(organisation=organisation, reference__in=wanted))
        found |= {row.reference: row for row in rows.select_related("attachment__client", "attachment__file")}
    return found


def _unknown(answers: Iterable[Answer], found: dict[str, Any]) -> list[Problem]:
    """Return a problem for each answer about a record that is not there, or that has not gone anywhere."""
    carriers = {row.carrier for row in found.values()}
    delivered = deliveries.delivered_among(carriers)
    problems = []
    for answer in answers:
        sentence = _refusal(found.get(answer.reference), delivered)
        if sentence:
            problems.append(Problem(answer.line, "referentie", "", sentence))
    return problems


def _refusal(row: Any, delivered: set[int]) -> str:
    if row is None:
        return _("Dit nummer komt in geen enkel bestand van jouw organisatie voor.")
    if not has_gone(row):
        return _("Deze profielregel zit nog in geen enkel bestand dat is gemaakt.")
    if row.carrier not in delivered:
        return _("Het bestand met deze profielregel is nog niet aangeleverd. Leg dat eerst vast.")
    return ""


def has_gone(row: ProfileRecord) -> bool:
    """Tell whether a profile record stands in a file that was made."""
    if row.form == DeliveryForm.SEPARATE and row.delivered_in_id is None:
        return False
    return row.attachment.state in GONE


def _told(answer: Answer, row: ProfileRecord) -> Told:
    return _beside(row, answer.status, answer.reason, answer.line)


def _beside(row: Any, status: ReplyStatus, reason: str, line: int = 0) -> Told:
    """Return an answer beside a record that answers.with_last_reason() gave."""
    return Told(row, status, reason, row.last_status, row.last_reason or "", line)


def _preview(told: tuple[Told, ...], others: int) -> Preview:
    new = [each for each in told if each.is_new]
    rejected = sum(each.status == ReplyStatus.REJECTED for each in new)
    return Preview(len(new) - rejected, rejected, len(told) - len(new), others, told)


@transaction.atomic
def record_list(*, reply: Reply) -> Preview:
    """Let a prepared list count. Raises ReplyRefusedError; WrongStateError for one that counts already."""
    locked = Reply.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=reply.pk)
    if locked.state == ReplyState.RECORDED:
        raise WrongStateError(_("Deze lijst is al vastgelegd."))
    preview = preview_of(locked)
    _record(locked, preview)
    return preview


def preview_of_file(file: DeclarationFile, status: ReplyStatus, reason: str = "") -> Preview:
    """Return what one answer about a whole file comes to. Raises WrongStateError."""
    if not deliveries.delivered_among([file.pk]):
        raise WrongStateError(_("Dit bestand is nog niet aangeleverd. Leg dat eerst vast."))
    rows = records_carried_by(file).select_related("attachment")
    return _preview(tuple(_beside(row, status, reason) for row in with_last_reason(rows)), 0)


def records_carried_by(file: DeclarationFile) -> QuerySet[ProfileRecord]:
    """Return the profile records that stand in the file that was made, or in this separate file."""
    own = Q(attachment__file=file, form=DeliveryForm.IN_FILE, attachment__state__in=GONE)
    return ProfileRecord.objects.filter(own | Q(delivered_in=file)).order_by("id")


@transaction.atomic
def record_for_file(
    *,
    file: DeclarationFile,
    status: ReplyStatus,
    reason: str = "",
    user: User | None = None,
    token: ApiToken | None = None,
) -> Preview:
    """Let one answer count for all profile records of a file. Raises WrongStateError."""
    DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    preview = preview_of_file(file, status, reason)
    reply = Reply.objects.create(
        organisation_id=file.organisation_id, kind=ReplyKind.FILE, file=file, user=user, token=token
    )
    _record(reply, preview)
    return preview


def _record(reply: Reply, preview: Preview) -> None:
    new = [each for each in preview.told if each.is_new]
    answers = (
        RecordReply(
            organisation_id=reply.organisation_id,
            reply=reply,
            record=each.record,
            status=each.status,
            reason=each.reason,
        )
        for each in new
    )
    RecordReply.objects.bulk_create(answers, batch_size=ROWS_AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_PERSONS, [reply.pk])
    corrections.queue_returned([each.record.pk for each in new if each.status == ReplyStatus.REJECTED])
    corrections.drop_accepted([each.record.pk for each in new if each.status == ReplyStatus.ACCEPTED])
    reply.state, reply.recorded_at = ReplyState.RECORDED, timezone.now()
    reply.accepted_count, reply.rejected_count = preview.accepted, preview.rejected
    reply.save(update_fields=["state", "recorded_at", "accepted_count", "rejected_count"])
    log.info("reply_recorded reply=%s new=%d known=%d", reply.public_id, len(new), preview.known)


def drop(*, reply: Reply) -> bool:
    """Throw away a list that nobody let count; tell whether it was one."""
    dropped, _by_model = Reply.objects.filter(pk=reply.pk, state=ReplyState.PREPARED).delete()
    return bool(dropped)


def forget_unconfirmed(*, before: datetime) -> int:
    """Remove the lists that nobody let count, of the organisation in scope; return how many."""
    return Reply.objects.filter(state=ReplyState.PREPARED, made_at__lt=before).delete()[0]


def last_answer(record: ProfileRecord) -> RecordReply | None:
    """Return what the insurer last said of a profile record."""
    answers = RecordReply.objects.filter(record=record).select_related("reply__user", "reply__token")
    return answers.order_by("-id").first()


def answers_to(record: ProfileRecord) -> QuerySet[RecordReply]:
    """Return everything that was ever said of a profile record, oldest first."""
    answers = RecordReply.objects.filter(record=record)
    return answers.select_related("reply__user", "reply__token").order_by("id")


@dataclass(frozen=True, slots=True)
class Tally:
    """How the profile records of a file were answered."""

    records: int
    accepted: int
    rejected: int

    @property
    def open(self) -> int:
        """Records that nothing was said of yet."""
        return self.records - self.accepted - self.rejected


def tally_of(file: DeclarationFile) -> Tally:
    """Return how the profile records that a file carries were answered."""
    counts = with_last_answer(records_carried_by(file)).aggregate(
        records=Count("id"),
        accepted=Count("id", filter=Q(last_status=ReplyStatus.ACCEPTED)),
        rejected=Count("id", filter=Q(last_status=ReplyStatus.REJECTED)),
    )
    return Tally(**counts)
