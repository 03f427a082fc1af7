"""Answers of insurers as a job: a worker looks at a long list, and records it once somebody said so.

The row of the answer is the job. What is short is done at once, as no worker has to be waited for then.
"""

import logging
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.backoff import pause_after
from care.schema.crypto import UnreadableValueError
from care.schema.models import Organisation, User
from care.tenancy import scope
from declarations.delivery.jobs import PASSING
from declarations.handover.carried_records import records_carried_by
from declarations.matching.queue import FAULTS
from declarations.progress import announcing
from declarations.progress.progress_channel import ProgressReporter, telling
from declarations.progress.work_slots import SHORT_RECORDS, turn_and_place
from declarations.replies import services
from declarations.replies.preview import ReplyRefusedError, preview_of_list
from declarations.replies.reply_list import decoded, text_problem
from declarations.schema.delivery_constants import (
    ATTEMPTS,
    FIRST_PAUSE,
    LISTED_PROBLEMS,
    OPEN_REPLIES,
    MakingRefusal,
    ReplyKind,
    ReplyState,
    ReplyStatus,
)
from declarations.schema.delivery_models import Reply
from declarations.schema.exceptions import DeclarationError, FileProblem, WrongStateError
from declarations.schema.models import DeclarationFile

# Some 2,000 lines: looked at, and recorded, within a tenth of a second and a half.
AT_ONCE_BYTES = 100_000
AT_ONCE_RECORDS = 2_000

WORK_REPLY: Final = "declarations.replies.tasks.work_reply"

log = logging.getLogger(__name__)


def look_at_list(*, organisation: Organisation, content: bytes, user: User) -> Reply:
    """Look at a list, or let a worker do so where it is long; return it.

    Raises ReplyRefusedError for a short one with mistakes, and for what is no text.
    """
    if len(content) <= AT_ONCE_BYTES:
        return services.prepare_list(organisation=organisation, content=content, user=user)
    if not_text := text_problem(content):
        raise ReplyRefusedError((FileProblem(0, "", "", not_text),))
    reply = Reply.objects.create(
        organisation=organisation,
        kind=ReplyKind.LIST,
        state=ReplyState.LOOKING,
        content=decoded(content),
        user=user,
    )
    announce(reply)
    return reply


@transaction.atomic
def record(*, reply: Reply) -> Reply:
    """Let a list count that somebody looked at, or let a worker do so where it is long; return it.

    Raises ReplyRefusedError, and WrongStateError for one that counts already.
    """
    if reply.state in {ReplyState.LOOKING, ReplyState.REFUSED}:
        raise WrongStateError(_("Bekijk de lijst eerst: hij is nog niet nagekeken, of er zit een fout in."))
    if reply.line_count <= AT_ONCE_RECORDS:
        services.record_list(reply=reply)
    elif Reply.objects.filter(pk=reply.pk, state=ReplyState.PREPARED).update(
        state=ReplyState.RECORDING, attempts=0, due_at=timezone.now()
    ):
        announce(reply)
    reply.refresh_from_db()
    return reply


@transaction.atomic
def record_for_file(*, file: DeclarationFile, status: ReplyStatus, reason: str, user: User) -> Reply:
    """Let one answer count for all records of a file, or let a worker do so where they are many; return it.

    Raises WrongStateError.
    """
    reply = Reply.objects.create(
        organisation_id=file.organisation_id,
        kind=ReplyKind.FILE,
        file=file,
        state=ReplyState.RECORDING,
        status=status,
        reason=reason,
        user=user,
    )
    if records_carried_by(file).count() <= AT_ONCE_RECORDS:
        services.record_file_reply(reply=reply)
    else:
        announce(reply)
    return reply


@transaction.atomic
def try_again(*, reply: Reply) -> None:
    """Begin anew with one that failed. Raises WrongStateError for any other."""
    begin = ReplyState.LOOKING if reply.kind == ReplyKind.LIST else ReplyState.RECORDING
    failed = Reply.objects.filter(pk=reply.pk, state=ReplyState.FAILED)
    if not failed.update(state=begin, attempts=0, due_at=timezone.now(), fault=""):
        raise WrongStateError(_("Dit antwoord wordt al verwerkt, of is al vastgelegd."))
    announce(reply)


def announce(reply: Reply) -> None:
    """Let a worker look at an answer, or record it."""
    public_id = str(reply.public_id)
    announcing.announce(
        WORK_REPLY, reply.organisation_id, public_id, otherwise=f"reply_not_announced reply={public_id}"
    )


def going_on(organisation_id: int) -> list[Reply]:
    """Return the answers that do not count yet, newest first: being worked on, or waiting for somebody."""
    rows = Reply.objects.filter(organisation=organisation_id).exclude(state=ReplyState.RECORDED)
    return list(rows.defer("content", "shown").select_related("file", "user").order_by("-id"))


def due(organisation_id: int) -> list[UUID]:
    """Return the answers of an organisation that somebody should be working on."""
    with scope.organisation(organisation_id):
        rows = Reply.objects.filter(state__in=OPEN_REPLIES, due_at__lte=timezone.now())
        return list(rows.order_by("id").values_list("public_id", flat=True))


def work(*, organisation_id: int, public_id: UUID) -> bool:
    """Look at or record an answer, unless somebody is at it or there is no room; return whether tried."""
    is_short = _is_short(organisation_id, public_id)
    with turn_and_place(f"reply {public_id}", is_short=is_short) as hindrance:
        if hindrance:
            log.info("reply_skipped reply=%s reason=%s", public_id, hindrance)
            return False
        reply = _begin(organisation_id, public_id)
        if reply is not None:
            _try(reply)
        return reply is not None


def _is_short(organisation_id: int, public_id: UUID) -> bool:
    """Tell whether it is done in a moment: a look always is."""
    with scope.organisation(organisation_id):
        row = (
            Reply.objects.filter(public_id=public_id).defer("content", "shown").select_related("file").first()
        )
        if row is None or row.state != ReplyState.RECORDING:
            return True
        return (records_carried_by(row.file).count() if row.file else row.line_count) <= SHORT_RECORDS


def _begin(organisation_id: int, public_id: UUID) -> Reply | None:
    """Note one attempt more, before anything can go wrong; after the last one it is given up."""
    with scope.organisation(organisation_id):
        rows = Reply.objects.select_for_update(of=("self",)).defer("content", "shown", "reason")
        reply = rows.select_related("organisation", "file").filter(public_id=public_id).first()
        if reply is None or reply.state not in OPEN_REPLIES or reply.due_at > timezone.now():
            return None
        if reply.attempts >= ATTEMPTS:
            _fail(reply, reply.fault)
            return None
        reply.attempts += 1
        reply.save(update_fields=["attempts"])
    return reply


def _try(reply: Reply) -> None:
    whose = reply.organisation_id
    try:
        with (
            telling(key=reply.public_id, organisation_id=whose) as watcher,
            scope.organisation(whose, user_id=reply.user_id),
        ):
            _carry_out(reply, watcher)
    except ReplyRefusedError as refusal:
        _refuse(reply, refusal.problems)
    except DeclarationError as refusal:
        _refuse(reply, (FileProblem(0, "", "", refusal.sentence),))
    except UnreadableValueError:
        _give_up(reply, MakingRefusal.UNREADABLE)
    except PASSING as fault:
        _put_off(reply, type(fault).__name__)
    except FAULTS as fault:
        _give_up(reply, type(fault).__name__)


def _carry_out(reply: Reply, watcher: ProgressReporter) -> None:
    if reply.kind == ReplyKind.FILE:
        services.record_file_reply(reply=reply, watcher=watcher)
    elif reply.state == ReplyState.RECORDING:
        services.record_list(reply=reply, watcher=watcher)
    else:
        found = preview_of_list(reply.organisation, reply.content.encode(), watcher=watcher)
        services.show(reply, found)
    log.info("reply_worked_off reply=%s attempts=%d", reply.public_id, reply.attempts)


def _refuse(reply: Reply, problems: tuple[FileProblem, ...]) -> None:
    reply.findings = [
        {"line": problem.line, "field": problem.field, "sentence": problem.sentence}
        for problem in problems[:LISTED_PROBLEMS]
    ]
    reply.state, reply.finding_count = ReplyState.REFUSED, len(problems)
    with scope.organisation(reply.organisation_id):
        reply.save(update_fields=["state", "findings", "finding_count"])
    log.info("reply_refused reply=%s problems=%d", reply.public_id, len(problems))


def _give_up(reply: Reply, fault: str) -> None:
    with scope.organisation(reply.organisation_id):
        _fail(reply, fault)


def _fail(reply: Reply, fault: str) -> None:
    log.error("reply_given_up reply=%s fault=%s attempts=%d", reply.public_id, fault, reply.attempts)
    reply.state, reply.fault = ReplyState.FAILED, fault
    reply.save(update_fields=["state", "fault"])


def _put_off(reply: Reply, fault: str) -> None:
    """Try again later, longer each time; after the last attempt it is given up."""
    log.warning("reply_failed reply=%s attempt=%d fault=%s", reply.public_id, reply.attempts, fault)
    reply.fault = fault
    if reply.attempts >= ATTEMPTS:
        _give_up(reply, fault)
        return
    reply.due_at = timezone.now() + pause_after(reply.attempts, first=FIRST_PAUSE)
    with scope.organisation(reply.organisation_id):
        reply.save(update_fields=["fault", "due_at"])
