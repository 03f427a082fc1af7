"""Rows beside profile records that have gone: the profile was corrected since, or the insurer sent it back.

A correction that is due is decided on like whoever came too late (`late`): it goes in the next separate file
without anybody's hand. What was sent back waits for an officer, or for the nurse's correction: sent again as
it is, it would come back again.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.apart import late
from declarations.constants import GONE, AttachmentKind, AttachmentState, Reason
from declarations.exceptions import WrongStateError
from declarations.models import Attachment, DeclarationFile, ProfileRecord
from declarations.outgoing.answers import with_last_answer
from declarations.outgoing.constants import ReplyStatus
from profiles.models import ProfileStatus

ROWS_AT_ONCE = 1_000

log = logging.getLogger(__name__)


def ask_for_replaced() -> int:
    """Put a row beside every sent record whose profile was replaced since; return how many. Needs a scope.

    What was sent back and waits, waits no longer once its profile was replaced.
    """
    files = _replaced_since_sent().order_by().values_list("attachment__file", flat=True).distinct()
    count = sum(_ask(file_id, _replaced_since_sent(), Reason.CORRECTION_DUE) for file_id in sorted(files))
    replaced = Q(corrects__profile__status=ProfileStatus.REPLACED, file__is_test=False)
    return count + _returned(replaced & late.not_too_old("file__")).update(
        reason=Reason.CORRECTION_DUE, changed_at=timezone.now()
    )


def _replaced_since_sent() -> QuerySet[ProfileRecord]:
    """Return what was sent and stands; of test files, and of files too long ago, nothing goes any more.

    Of a person who came back, one record may stand all the same: what was said of each is looked at.
    """
    return with_last_answer(ProfileRecord.objects.all()).filter(
        ~Q(last_status=ReplyStatus.REJECTED),
        late.not_too_old("attachment__file__"),
        profile__status=ProfileStatus.REPLACED,
        attachment__state__in=GONE,
        attachment__file__is_test=False,
        corrections__isnull=True,
    )


def _returned(narrowed: Q) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        narrowed, kind=AttachmentKind.CORRECTION, state=AttachmentState.HELD, reason=Reason.RETURNED
    )


def _ask(file_id: int, records: QuerySet[ProfileRecord], reason: Reason) -> int:
    # One at a time per file: two looks at once would give out the same numbers.
    file = DeclarationFile.objects.select_for_update(no_key=True).get(pk=file_id)
    wanted = records.filter(attachment__file=file_id).select_related("attachment")
    asked = Attachment.objects.filter(file=file_id, kind=AttachmentKind.CORRECTION)
    last = asked.aggregate(last=Max("number"))["last"] or 0
    rows = [
        _correction(record, number, reason) for number, record in enumerate(wanted.order_by("id"), last + 1)
    ]
    Attachment.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    log.info("corrections_due file=%s reason=%s count=%d", file.public_id, reason, len(rows))
    return len(rows)


def _correction(record: ProfileRecord, number: int, reason: Reason) -> Attachment:
    sent = record.attachment
    return Attachment(
        organisation_id=sent.organisation_id,
        file_id=sent.file_id,
        kind=AttachmentKind.CORRECTION,
        number=number,
        client_id=sent.client_id,
        bsn_hash=sent.bsn_hash,
        uzovi=sent.uzovi,
        date_of_birth=sent.date_of_birth,
        first_line=sent.first_line,
        placement_line=sent.placement_line,
        performer=sent.performer,
        performances=sent.performances,
        attach_rest=sent.attach_rest,
        state=AttachmentState.HELD,
        reason=reason,
        corrects=record,
    )


def queue_returned(record_ids: Collection[int]) -> int:
    """Put a row beside every record that came back, for an officer to act on; return how many are new."""
    back = ProfileRecord.objects.filter(pk__in=record_ids)
    again = Attachment.objects.filter(
        corrects__in=record_ids, state=AttachmentState.EXCLUDED, reason=Reason.ALREADY_SENT
    )
    again.update(state=AttachmentState.HELD, reason=Reason.RETURNED, changed_at=timezone.now())
    new = back.filter(corrections__isnull=True)
    files = new.order_by().values_list("attachment__file", flat=True).distinct()
    return sum(_ask(file_id, new, Reason.RETURNED) for file_id in sorted(files))


@dataclass(frozen=True, slots=True)
class Returned:
    """How many profile records of a file came back and wait for somebody."""

    file: DeclarationFile
    count: int


def returned_by_file(organisation_id: int) -> list[Returned]:
    """Return what came back and waits, by file in which the care was declared, the newest first."""
    waiting = _returned(Q(organisation=organisation_id)).values_list("file_id").annotate(count=Count("id"))
    counts = dict(waiting.order_by("-file_id"))
    files = DeclarationFile.objects.in_bulk(counts)
    return [Returned(files[file_id], count) for file_id, count in counts.items()]


def drop_accepted(record_ids: Collection[int]) -> int:
    """Let go of what waited because a record had come back: it was accepted after all."""
    return _returned(Q(corrects__in=record_ids)).update(
        state=AttachmentState.EXCLUDED, reason=Reason.ALREADY_SENT, changed_at=timezone.now()
    )


@transaction.atomic
def send_again(*, item: Attachment) -> None:
    """Let what came back go along in the next separate file. Raises WrongStateError, also if none comes."""
    if item.file.is_test:
        raise WrongStateError(_("Dit is een proefbestand. Er gaat niets van naar de verzekeraar."))
    if late.is_too_old(item.file):
        raise WrongStateError(_("Het bestand is te lang geleden gemaakt. Deze regel gaat niet meer mee."))
    moved = _returned(Q(pk=item.pk)).update(reason=Reason.CORRECTION_DUE, changed_at=timezone.now())
    if not moved:
        raise WrongStateError(_("Deze profielregel wacht niet meer op jou."))
    # The rounds look again only at files that saw other facts.
    DeclarationFile.objects.filter(pk=item.file_id).update(facts_seen="")
