"""Rows beside profile records that have gone: the profile was corrected since, or the insurer sent it back.

A correction that is due is decided on like whoever came too late (`late`): it goes in the next separate file
without anybody's hand. What was sent back waits for an officer, or for the nurse's correction: sent again as
it is, it would come back again.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Client
from care.tenancy.compiled_queries import A_NUMBER, CompiledQuery, compiled
from declarations.decisions.changed_facts import no_longer_so
from declarations.matching import after_export
from declarations.queries.reply_queries import WAS_HANDED_OVER, with_last_answer
from declarations.schema.constants import GONE, AttachmentKind, AttachmentState, Reason
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from profiles.schema.models import ProfileStatus

# What is known of a person goes along as it stands; who has a correction already gets no second.
_BESIDE = """
    INSERT INTO declarations_attachment (
        public_id, organisation_id, file_id, kind, number, client_id, bsn_hash, uzovi, date_of_birth,
        first_line, placement_line, performer, performances, attach_rest, state, reason, detail, attempts,
        due_at, changed_at, corrects_id
    )
    SELECT gen_random_uuid(), sent.organisation_id, sent.file_id, 'correction',
        last.number + row_number() OVER (ORDER BY {about}.id), sent.client_id, sent.bsn_hash, sent.uzovi,
        sent.date_of_birth, sent.first_line, sent.placement_line, sent.performer, sent.performances,
        sent.attach_rest, 'held', %(reason)s, '{{}}', 0, clock_timestamp(), clock_timestamp(), {corrects}
    FROM {source}
    CROSS JOIN (
        SELECT coalesce(max(number), 0) AS number FROM declarations_attachment
        WHERE file_id = %(file)s AND kind = 'correction'
    ) last
    WHERE {wanted}
"""
_ASK = _BESIDE.format(
    about="record",
    corrects="record.id",
    source="declarations_profilerecord record"
    " JOIN declarations_attachment sent ON sent.id = record.attachment_id",
    wanted="""record.id = ANY(%(records)s)
        AND NOT EXISTS (SELECT 1 FROM declarations_attachment known WHERE known.corrects_id = record.id)""",
)
# One that still waits for the rest of a person is decided on anew, and needs no other beside it.
_FOLLOW = _BESIDE.format(
    about="sent",
    corrects="NULL",
    source="declarations_attachment sent",
    wanted="""sent.id = ANY(%(persons)s) AND NOT EXISTS (
            SELECT 1 FROM declarations_attachment known
            WHERE known.file_id = sent.file_id AND known.kind = 'correction' AND known.corrects_id IS NULL
                AND known.bsn_hash = sent.bsn_hash AND known.uzovi = sent.uzovi
                AND known.state IN ('held', 'attached')
        )""",
)

log = logging.getLogger(__name__)


def ask_for_changed() -> int:
    """Put a row beside every sent record that is no longer so; return how many. Needs a scope.

    Its profile was replaced, or a fact under it was corrected. What was sent back and waits, waits no longer
    once its profile was replaced.
    """
    _follow_joined()
    sent = _sent_and_standing()
    changed = [sent.filter(profile__status=ProfileStatus.REPLACED), *no_longer_so(sent)]
    count = sum(_ask(records, Reason.CORRECTION_DUE) for records in changed)
    replaced = Q(corrects__profile__status=ProfileStatus.REPLACED, file__is_test=False)
    return count + _returned(replaced & after_export.not_too_old("file__")).update(
        reason=Reason.CORRECTION_DUE, changed_at=timezone.now()
    )


def _follow_joined() -> None:
    """Let rows of a client that was joined into another be of that one: their profiles went along."""
    whose = Client.objects.filter(pk=OuterRef("client")).values("joined_into")
    Attachment.objects.filter(client__joined_into__isnull=False).update(client=Subquery(whose))


def _sent_and_standing() -> QuerySet[ProfileRecord]:
    """Return what was sent and stands; of test files, and of files too long ago, nothing goes any more.

    Of a person who came back, one record may stand all the same: what was said of each is looked at.
    """
    return with_last_answer(ProfileRecord.objects.all()).filter(
        ~Q(last_status=ReplyStatus.REJECTED),
        # What was made only can still be made anew: nothing of it needs correcting.
        WAS_HANDED_OVER,
        after_export.not_too_old("attachment__file__"),
        attachment__state__in=GONE,
        attachment__file__is_test=False,
        corrections__isnull=True,
    )


def _returned(narrowed: Q) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        narrowed, kind=AttachmentKind.CORRECTION, state=AttachmentState.HELD, reason=Reason.RETURNED
    )


def _ask(records: QuerySet[ProfileRecord], reason: Reason) -> int:
    """Put a row beside each of these records that has none; return how many."""
    by_file: dict[int, list[int]] = defaultdict(list)
    for file_id, record_id in records.order_by().values_list("attachment__file", "id"):
        by_file[file_id].append(record_id)
    return sum(_ask_of_file(file_id, by_file[file_id], reason) for file_id in sorted(by_file))


def _ask_of_file(file_id: int, record_ids: list[int], reason: Reason) -> int:
    file = _lock(file_id)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"file": file_id, "records": record_ids, "reason": reason})
        count: int = cursor.rowcount
    log.info("corrections_due file=%s reason=%s count=%d", file.public_id, reason, count)
    return count


def _lock(file_id: int) -> DeclarationFile:
    """Let one at a time put rows beside a file: two at once would give out the same numbers."""
    return DeclarationFile.objects.select_for_update(no_key=True).get(pk=file_id)


def follow(home: DeclarationFile, persons: Sequence[int]) -> None:
    """Let the rest of persons of a file follow, of whom one record was taken away and another stays.

    What went does not change: a row beside it, decided on as too late, says what may still be said, less
    what goes already (`once`). Part of the transaction at hand.
    """
    _lock(home.pk)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"file": home.pk, "persons": list(persons), "reason": Reason.CORRECTION_DUE})
    whose = Attachment.objects.filter(pk__in=persons).values("bsn_hash")
    rests = Attachment.objects.filter(
        after_export.WAITS_APART,
        file=home,
        kind=AttachmentKind.CORRECTION,
        corrects__isnull=True,
        bsn_hash__in=whose,
    )
    after_export.look_at_all(
        home, list(rests.order_by("id").values_list("id", flat=True)), timezone.localdate()
    )
    log.info("rest_follows file=%s count=%d", home.public_id, len(persons))


def queue_returned(records: QuerySet[ProfileRecord]) -> int:
    """Put a row beside every record that came back, for an officer to act on; return how many are new."""
    again = Attachment.objects.filter(
        corrects__in=records, state=AttachmentState.EXCLUDED, reason=Reason.ALREADY_SENT
    )
    again.update(state=AttachmentState.HELD, reason=Reason.RETURNED, changed_at=timezone.now())
    return _ask(records.filter(corrections__isnull=True), Reason.RETURNED)


@dataclass(frozen=True, slots=True)
class Returned:
    """How many profile records of a file came back and wait for somebody."""

    file: DeclarationFile
    count: int


def returned_by_file(organisation_id: int) -> list[Returned]:
    """Return what came back and waits, by file in which the care was declared, the newest first.

    Of a test file, or one too long ago, nothing goes any more: nobody can do anything about it.
    """
    wanted = Q(organisation=organisation_id, file__is_test=False) & after_export.not_too_old("file__")
    waiting = _returned(wanted).values_list("file_id").annotate(count=Count("id"))
    counts = dict(waiting.order_by("-file_id"))
    files = DeclarationFile.objects.in_bulk(counts)
    return [Returned(files[file_id], count) for file_id, count in counts.items()]


def has_returned(client: Client) -> bool:
    """Tell in one small query whether anything may have come back of a client: mostly not."""
    return bool(_of_client().rows(client=client.pk))


@cache
def _of_client() -> CompiledQuery:
    return compiled(_returned(Q(client=A_NUMBER)).values("pk")[:1], client=A_NUMBER)


def returned_of(client: Client) -> QuerySet[Attachment]:
    """Return what came back of a client and waits, with the record and its profile; none of a test file."""
    waiting = _returned(Q(client=client, file__is_test=False) & after_export.not_too_old("file__"))
    return waiting.select_related("corrects__profile").order_by("id")


def drop_accepted(records: QuerySet[ProfileRecord]) -> int:
    """Let go of what waited because a record had come back: it was accepted after all."""
    return _returned(Q(corrects__in=records)).update(
        state=AttachmentState.EXCLUDED, reason=Reason.ALREADY_SENT, changed_at=timezone.now()
    )


@transaction.atomic
def send_again(*, item: Attachment) -> None:
    """Let what came back go along in the next separate file. Raises WrongStateError, also if none comes."""
    if item.file.is_test:
        raise WrongStateError(_("Dit is een proefbestand. Er gaat niets van naar de verzekeraar."))
    if after_export.is_too_old(item.file):
        raise WrongStateError(_("Het bestand is te lang geleden gemaakt. Deze regel gaat niet meer mee."))
    moved = _returned(Q(pk=item.pk)).update(reason=Reason.CORRECTION_DUE, changed_at=timezone.now())
    if not moved:
        raise WrongStateError(_("Deze profielregel wacht niet meer op jou."))
    # The rounds look again only at files that saw other facts.
    DeclarationFile.objects.filter(pk=item.file_id).update(facts_seen="")
