"""What insurers answered about profile records: looked at first, then recorded whole or not at all.

Of several answers about one record the last one counts. A person is returned as soon as one of the records
is, and accepted when all of them are.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care import turns
from care.models import Organisation, User
from declarations.apart import corrections
from declarations.api.models import ApiToken
from declarations.constants import GONE, DeliveryForm
from declarations.exceptions import DeclarationError, Problem, WrongStateError
from declarations.models import DeclarationFile, ProfileRecord
from declarations.outgoing import deliveries, matched
from declarations.outgoing.answers import with_last_answer
from declarations.outgoing.constants import ReplyKind, ReplyState, ReplyStatus
from declarations.outgoing.matched import SentRecord
from declarations.outgoing.models import RecordReply, Reply
from declarations.outgoing.reply_list import Answer, read_list

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
    """One answer beside the record that it is about."""

    record: SentRecord
    status: ReplyStatus
    reason: str
    line: int = 0

    @property
    def before(self) -> str:
        """The answer that stood (empty: none)."""
        return self.record.status

    @property
    def is_new(self) -> bool:
        """Whether it says anything that was not known."""
        return (self.record.status, self.record.reason) != (self.status, self.reason)


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
    found = matched.by_reference(organisation, [answer.reference for answer in read.answers])
    problems = (*read.problems, *_unknown(read.answers, found))
    if problems:
        raise ReplyRefusedError(tuple(sorted(problems, key=lambda problem: problem.line)))
    told = tuple(
        Told(found[answer.reference], answer.status, answer.reason, answer.line) for answer in read.answers
    )
    return _preview(told, read.others)


def _unknown(answers: Iterable[Answer], found: dict[str, SentRecord]) -> list[Problem]:
    """Return a problem for each answer about a record that is not there, or that has not gone anywhere."""
    carriers = {row.carrier for row in found.values()}
    delivered = deliveries.delivered_among(carriers)
    problems = []
    for answer in answers:
        sentence = _refusal(found.get(answer.reference), delivered)
        if sentence:
            problems.append(Problem(answer.line, "referentie", "", sentence))
    return problems


def _refusal(row: SentRecord | None, delivered: set[int]) -> str:
    if row is None:
        return _("Dit nummer komt in geen enkel bestand van jouw organisatie voor.")
    if not row.has_gone:
        return _("Deze profielregel zit nog in geen enkel bestand dat is gemaakt.")
    if row.carrier not in delivered:
        return _("Het bestand met deze profielregel is nog niet aangeleverd. Leg dat eerst vast.")
    return ""


def _preview(told: tuple[Told, ...], others: int) -> Preview:
    new = [each for each in told if each.is_new]
    rejected = sum(each.status == ReplyStatus.REJECTED for each in new)
    return Preview(len(new) - rejected, rejected, len(told) - len(new), others, told)


@transaction.atomic
def record_list(*, reply: Reply, unsent: int = 0) -> Preview:
    """Let a prepared list count. Raises ReplyRefusedError; WrongStateError for one that counts already.

    `unsent` as in prepare_list().
    """
    _wait_for_other_answers(reply.organisation_id)
    locked = Reply.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=reply.pk)
    if locked.state == ReplyState.RECORDED:
        raise WrongStateError(_("Deze lijst is al vastgelegd."))
    preview = preview_of_list(locked.organisation, locked.content.encode(), unsent=unsent)
    _record(locked, preview)
    return preview


def _wait_for_other_answers(organisation_id: int) -> None:
    """Let what others answer be seen: who becomes what follows from the answers to all of their records."""
    turns.wait_for(f"answers of organisation {organisation_id}")


def preview_of_file(file: DeclarationFile, status: ReplyStatus, reason: str = "") -> Preview:
    """Return what one answer about a whole file comes to. Raises WrongStateError."""
    if not deliveries.delivered_among([file.pk]):
        raise WrongStateError(_("Dit bestand is nog niet aangeleverd. Leg dat eerst vast."))
    return _preview(tuple(Told(row, status, reason) for row in matched.among(records_carried_by(file))), 0)


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
    _wait_for_other_answers(file.organisation_id)
    preview = preview_of_file(file, status, reason)
    reply = Reply.objects.create(
        organisation_id=file.organisation_id, kind=ReplyKind.FILE, file=file, user=user, token=token
    )
    _record(reply, preview)
    return preview


def _record(reply: Reply, preview: Preview) -> None:
    new = [each for each in preview.told if each.is_new]
    _hold_files(each.record.file for each in new)
    matched.write(reply, ((each.record.id, each.status, each.reason) for each in new))
    matched.move(each.record.person for each in new)
    corrections.queue_returned(_answered(reply, ReplyStatus.REJECTED))
    corrections.drop_accepted(_answered(reply, ReplyStatus.ACCEPTED))
    reply.state, reply.recorded_at = ReplyState.RECORDED, timezone.now()
    reply.accepted_count, reply.rejected_count = preview.accepted, preview.rejected
    reply.save(update_fields=["state", "recorded_at", "accepted_count", "rejected_count"])
    log.info("reply_recorded reply=%s new=%d known=%d", reply.public_id, len(new), preview.known)


def _hold_files(file_ids: Iterable[int]) -> None:
    """Hold the files of persons before the persons, as whoever asks for corrections does."""
    files = DeclarationFile.objects.filter(pk__in=set(file_ids)).order_by("pk")
    list(files.select_for_update(no_key=True).values_list("pk"))


def _answered(reply: Reply, status: ReplyStatus) -> QuerySet[ProfileRecord]:
    """Return the records that a reply tells something new of."""
    told = RecordReply.objects.filter(reply=reply, status=status)
    return ProfileRecord.objects.filter(pk__in=told.values("record"))


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
