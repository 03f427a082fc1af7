"""What insurers answered about profile records: looked at first, then recorded whole or not at all.

Of several answers about one record the last one counts. What was said of it before, and is said again, is an
old list that comes in once more: it changes nothing. A person is returned as soon as one of the records
is, and accepted when all of them are.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Organisation, User
from care.tenancy import locks
from declarations.handover.carried_records import records_carried_by
from declarations.matching import corrections
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.queries.reply_queries import with_last_answer
from declarations.replies import reply_matching
from declarations.replies.preview import (
    ReplyPreview,
    ReplyRefusedError,
    as_shown,
    preview_of_file,
    preview_of_list,
)
from declarations.replies.reply_list import decoded
from declarations.schema.delivery_constants import UNRECORDED, JobPhase, ReplyKind, ReplyState, ReplyStatus
from declarations.schema.delivery_models import RecordReply, Reply
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, ProfileRecord
from declarations.schema.tokens import ApiToken

__all__ = ["ReplyPreview", "ReplyRefusedError", "preview_of_file", "preview_of_list"]

COUNTED = (
    *("state", "shown", "accepted_count", "rejected_count"),
    *("known_count", "outdated_count", "others_count"),
)

log = logging.getLogger(__name__)


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
    preview = preview_of_list(organisation, content, unsent=unsent)
    reply = Reply(
        organisation=organisation, kind=ReplyKind.LIST, content=decoded(content), user=user, token=token
    )
    _set_shown(reply, preview)
    reply.save()
    return reply


def show(reply: Reply, preview: ReplyPreview) -> None:
    """Keep what a look at a list found, for whoever decides whether it is to count."""
    _set_shown(reply, preview)
    # The content stays as it was: sealed anew it would be other bytes.
    reply.save(update_fields=COUNTED)


def _set_shown(reply: Reply, preview: ReplyPreview) -> None:
    reply.state, reply.shown = ReplyState.PREPARED, as_shown(preview)
    _count(reply, preview)


def _count(reply: Reply, preview: ReplyPreview) -> None:
    reply.accepted_count, reply.rejected_count = preview.accepted, preview.rejected
    reply.known_count, reply.outdated_count = preview.known, preview.outdated
    reply.others_count = preview.others


@transaction.atomic
def record_list(*, reply: Reply, unsent: int = 0, watcher: ProgressReporter = SILENT) -> ReplyPreview:
    """Let a prepared list count. Raises ReplyRefusedError; WrongStateError for one that counts already.

    `unsent` as in prepare_list().
    """
    _wait_for_other_answers(reply.organisation_id)
    locked = Reply.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=reply.pk)
    if locked.state == ReplyState.RECORDED:
        raise WrongStateError(_("Deze lijst is al vastgelegd."))
    preview = preview_of_list(locked.organisation, locked.content.encode(), unsent=unsent, watcher=watcher)
    _record(locked, preview, watcher)
    return preview


def _wait_for_other_answers(organisation_id: int) -> None:
    """Let what others answer be seen: who becomes what follows from the answers to all of their records."""
    locks.wait_for(f"answers of organisation {organisation_id}")


@transaction.atomic
def record_for_file(
    *,
    file: DeclarationFile,
    status: ReplyStatus,
    reason: str = "",
    user: User | None = None,
    token: ApiToken | None = None,
) -> ReplyPreview:
    """Let one answer count for all profile records of a file. Raises WrongStateError."""
    reply = Reply.objects.create(
        organisation_id=file.organisation_id,
        kind=ReplyKind.FILE,
        file=file,
        status=status,
        reason=reason,
        user=user,
        token=token,
    )
    return record_file_reply(reply=reply)


@transaction.atomic
def record_file_reply(*, reply: Reply, watcher: ProgressReporter = SILENT) -> ReplyPreview:
    """Let an answer about a whole file count. Raises WrongStateError."""
    _wait_for_other_answers(reply.organisation_id)
    if reply.file is None:
        raise WrongStateError(_("Dit antwoord gaat niet over een heel bestand."))
    status = ReplyStatus(reply.status)
    preview = preview_of_file(reply.file, status, reply.reason, may_be_old=reply.token_id is not None)
    _record(reply, preview, watcher)
    return preview


def _record(reply: Reply, preview: ReplyPreview, watcher: ProgressReporter) -> None:
    new = [each for each in preview.told if each.is_new]
    _hold_files(each.record.file for each in new)
    watcher.begin(JobPhase.ANSWERING, len(new))
    reply_matching.write(reply, ((each.record.id, each.status, each.reason) for each in new), watcher)
    watcher.begin(JobPhase.FINISHING, 0)
    reply_matching.move(reply.organisation_id, (each.record.person for each in new))
    corrections.queue_returned(_answered(reply, ReplyStatus.REJECTED))
    corrections.drop_accepted(_answered(reply, ReplyStatus.ACCEPTED))
    reply.state, reply.recorded_at = ReplyState.RECORDED, timezone.now()
    reply.shown = ""
    _count(reply, preview)
    reply.save(update_fields=[*COUNTED, "recorded_at"])
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
    dropped, _by_model = Reply.objects.filter(pk=reply.pk, state__in=UNRECORDED).delete()
    return bool(dropped)


def forget_unconfirmed(*, before: datetime) -> int:
    """Remove the lists that nobody let count, of the organisation in scope; return how many."""
    return Reply.objects.filter(state__in=UNRECORDED, made_at__lt=before).delete()[0]


@dataclass(frozen=True, slots=True)
class ReplyTally:
    """How the profile records of a file were answered."""

    records: int
    accepted: int
    rejected: int

    @property
    def open(self) -> int:
        """Records that nothing was said of yet."""
        return self.records - self.accepted - self.rejected


def tally_of(file: DeclarationFile) -> ReplyTally:
    """Return how the profile records that a file carries were answered."""
    counts = with_last_answer(records_carried_by(file)).aggregate(
        records=Count("id"),
        accepted=Count("id", filter=Q(last_status=ReplyStatus.ACCEPTED)),
        rejected=Count("id", filter=Q(last_status=ReplyStatus.REJECTED)),
    )
    return ReplyTally(**counts)
