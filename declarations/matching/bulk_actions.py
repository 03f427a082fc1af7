"""What an officer does with all persons of a file who are held for one reason."""

import logging
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import User
from declarations.matching import after_export, queue, services
from declarations.queries import selectors
from declarations.schema.constants import HELD_AFTER_GOING, AttachmentKind, AttachmentState, FileState, Reason
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, Exclusion, ProfileRecord
from profiles.schema.constants import EventKind
from profiles.schema.models import ReassessmentEvent
from profiles.timeline.events import Asked, ask_for_declarations, standing_events

# The reason before stays readable beside the new one.
LEAVE_OUT = """
    UPDATE declarations_attachment
    SET detail = detail || CASE reason WHEN '' THEN '{}'::jsonb ELSE jsonb_build_object('before', reason) END,
        state = %s, reason = %s, changed_at = %s
    WHERE id = ANY(%s)
"""

CAN_BE_LEFT_OUT = (AttachmentState.HELD, AttachmentState.ATTACHED)

log = logging.getLogger(__name__)


@transaction.atomic
def exclude_held(*, file: DeclarationFile, reason: str, text: str, user: User) -> int:
    """Leave everybody out of a file who is held for a reason; return how many.

    `text` says why.

    Twice changes nothing: nobody is held any more. Raises WrongStateError when the file is closed.
    """
    services.refuse_closed(file.pk)
    return _exclude(file, selectors.held_for(file, reason), text, user)


@transaction.atomic
def exclude_persons(*, file: DeclarationFile, ids: Collection[UUID], text: str, user: User) -> int:
    """Leave these persons (public ids) out of a file, held or with a profile attached; return how many.

    Who was left out or is queued stays so. Raises WrongStateError when the file is closed.
    """
    services.refuse_closed(file.pk)
    return _exclude(file, selected(file, ids).filter(state__in=CAN_BE_LEFT_OUT), text, user)


def selected(file: DeclarationFile, ids: Collection[UUID]) -> QuerySet[Attachment]:
    """Return the persons of a file with these public ids."""
    return Attachment.objects.filter(file=file, kind=AttachmentKind.REGULAR, public_id__in=ids)


def _exclude(file: DeclarationFile, persons: QuerySet[Attachment], text: str, user: User) -> int:
    rows = list(persons.order_by("id").select_for_update(of=("self",)).values_list("id", "number", "reason"))
    for reason in sorted({why for *_row, why in rows}):
        Exclusion.objects.create(
            organisation_id=file.organisation_id,
            file=file,
            reason=reason,
            text=text,
            numbers=[number for _id, number, why in rows if why == reason],
            made_by=user,
        )
    ids = [row_id for row_id, *_rest in rows]
    ProfileRecord.objects.filter(attachment__in=ids).delete()
    _leave_out(ids)
    log.info("persons_excluded file=%s count=%d", file.public_id, len(rows))
    return len(rows)


@transaction.atomic
def retry_persons(*, file: DeclarationFile, ids: Collection[UUID]) -> int:
    """Decide anew on these persons where they are held; return how many. Raises WrongStateError."""
    services.refuse_closed(file.pk)
    held = selected(file, ids).filter(state=AttachmentState.HELD).select_for_update(of=("self",))
    count = queue.put_back(list(held.order_by("id").values_list("id", flat=True)))
    services.announce(file)
    return count


@transaction.atomic
def ask_nurses_of(*, file: DeclarationFile, ids: Collection[UUID], user: User) -> tuple[Asked, list[int]]:
    """Ask the nurses for an anamnese of these persons where one helps; return that, and the clients.

    Raises WrongStateError when it helps none of them.
    """
    rows = selected(file, ids).select_related("file").order_by("id")
    clients = sorted({item.client_id for item in rows if item.client_id and can_be_asked_for(item)})
    if not clients:
        raise WrongStateError(_("Een anamnese helpt geen van deze verzekerden verder."))
    asked = ask_for_declarations(organisation_id=file.organisation_id, client_ids=clients, user=user)
    log.info("anamneses_asked file=%s new=%d before=%d", file.public_id, asked.new, asked.before)
    return asked, clients


def _leave_out(ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            LEAVE_OUT, [AttachmentState.EXCLUDED, Reason.EXCLUDED_BY_OFFICER, timezone.now(), list(ids)]
        )


@transaction.atomic
def include_again(*, file: DeclarationFile, item: Attachment | None = None) -> int:
    """Decide anew on everybody whom an officer left out of a file, or on one; return how many.

    Raises WrongStateError when the file is closed.
    """
    services.refuse_closed(file.pk)
    left_out = _left_out(file).select_for_update(of=("self",))
    if item is not None:
        left_out = left_out.filter(pk=item.pk)
    count = queue.put_back(list(left_out.order_by("id").values_list("id", flat=True)))
    services.announce(file)
    return count


def _left_out(file: DeclarationFile) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        file=file,
        kind=AttachmentKind.REGULAR,
        state=AttachmentState.EXCLUDED,
        reason=Reason.EXCLUDED_BY_OFFICER,
    )


def exclusion_of(item: Attachment) -> Exclusion | None:
    """Return why an officer left a person out of the file; None while nobody did."""
    if item.reason != Reason.EXCLUDED_BY_OFFICER:
        return None
    made = Exclusion.objects.filter(file=item.file_id, numbers__contains=[item.number])
    return made.select_related("made_by").order_by("-id").first()


def waiting_for_anamnese(file: DeclarationFile) -> list[int]:
    """Return the clients of a file whom an anamnese would let go: a profile is missing.

    Also once the file went; nobody where nothing of it goes any more.
    """
    if after_export.is_over(file):
        return []
    missing = Q(reason=Reason.NO_VALID_PROFILE) | Q(
        reason__in=HELD_AFTER_GOING, detail__before=Reason.NO_VALID_PROFILE
    )
    held = Attachment.objects.filter(missing, file=file, state=AttachmentState.HELD, client__isnull=False)
    return list(held.order_by("client_id").values_list("client_id", flat=True).distinct())


@transaction.atomic
def ask_nurses(*, file: DeclarationFile, user: User) -> Asked:
    """Ask the nurses for an anamnese of everybody whose profile is missing; asking twice changes nothing.

    Of a file that went it lets them go along in a separate one. Raises WrongStateError when the file is
    closed, or went and nobody waits for an anamnese (any more).
    """
    clients = waiting_for_anamnese(file)
    if file.state != FileState.EXPORTED or not clients:
        services.refuse_closed(file.pk)
    asked = ask_for_declarations(organisation_id=file.organisation_id, client_ids=clients, user=user)
    log.info("anamneses_asked file=%s new=%d before=%d", file.public_id, asked.new, asked.before)
    return asked


def can_be_asked_for(item: Attachment) -> bool:
    """Tell whether an anamnese can help a person: a profile is missing, or the record came back.

    It helps nobody of a file of which nothing goes any more.
    """
    if item.client_id is None or item.state != AttachmentState.HELD or after_export.is_over(item.file):
        return False
    missing = {item.reason, item.detail.get("before", "")}
    return item.reason == Reason.RETURNED or Reason.NO_VALID_PROFILE in missing


def asked_of(item: Attachment) -> ReassessmentEvent | None:
    """Return that the nurse was asked for an anamnese of a person and has not made it yet; None if not."""
    asked = standing_events().filter(client=item.client_id, kind=EventKind.DECLARATION)
    return asked.select_related("recorded_by").order_by("-id").first() if item.client_id else None


@transaction.atomic
def ask_nurse(*, item: Attachment, user: User) -> Asked:
    """Ask the nurse for an anamnese of one person, or to correct the one whose record came back.

    Raises WrongStateError when no anamnese would help.
    """
    if not can_be_asked_for(item) or item.client_id is None:
        raise WrongStateError(_("Een anamnese helpt deze verzekerde niet verder."))
    asked = ask_for_declarations(organisation_id=item.organisation_id, client_ids=[item.client_id], user=user)
    log.info("anamnese_asked attachment=%s new=%d", item.public_id, asked.new)
    return asked
