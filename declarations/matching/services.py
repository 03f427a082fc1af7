"""What can be done with the persons in a file. Each function is one thing that somebody wants done."""

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.tenancy import scope
from declarations.matching import after_export, queue, reevaluation
from declarations.matching.tasks import ATTACH_FILE
from declarations.progress import announcing, file_locks
from declarations.queries import selectors
from declarations.queries.selectors import QueueBalance
from declarations.schema.constants import AttachmentKind, AttachmentState, FileState, Reason
from declarations.schema.exceptions import BrokenFileError, WrongStateError
from declarations.schema.models import Attachment, DeclarationFile

# How long to leave it to other workers before looking again whether they are done.
SHORT_WAIT = 0.2
LONG_WAIT = 2.0

log = logging.getLogger(__name__)


def announce(file: DeclarationFile) -> None:
    """Let a worker work off the queue of a file."""
    public_id = str(file.public_id)
    announcing.announce(ATTACH_FILE, public_id, otherwise=f"attach_not_announced file={public_id}")


@transaction.atomic
def retry_item(*, item: Attachment) -> int:
    """Decide anew on a person who is held; return whether (1, 0). Raises WrongStateError on a closed file."""
    refuse_closed(item.file_id)
    return _queue_again([item.pk], item.file)


@transaction.atomic
def retry_held(*, file: DeclarationFile, reason: str) -> int:
    """Decide anew on everybody of a file who is held for a reason; return how many.

    Raises WrongStateError.
    """
    refuse_closed(file.pk)
    ids = list(selectors.held_for(file, reason).order_by("id").values_list("id", flat=True))
    return _queue_again(ids, file)


@transaction.atomic
def attach_anew(*, file: DeclarationFile, ids: list[int]) -> None:
    """Decide anew on attached persons whose ground has gone: their profile records are taken off."""
    _hold_open(file.pk)
    rows = Attachment.objects.select_for_update().filter(
        pk__in=ids, file=file, state=AttachmentState.ATTACHED
    )
    queue.put_back(list(rows.order_by("id").values_list("id", flat=True)))
    announce(file)


@transaction.atomic
def attach_rest(*, item: Attachment) -> None:
    """Leave out a person's performances without a profile, and attach the rest. Raises WrongStateError.

    Of a file that has gone the rest waits for a separate one.
    """
    if after_export.attach_rest(item, today=timezone.localdate()):
        return
    refuse_closed(item.file_id)
    held = Attachment.objects.filter(pk=item.pk, state=AttachmentState.HELD, reason=Reason.NO_VALID_PROFILE)
    if not held.update(attach_rest=True):
        raise WrongStateError(_("Deze verzekerde wacht niet op een profiel."))
    _queue_again([item.pk], item.file)


def refuse_closed(file_id: int) -> None:
    """Hold a file open for this transaction.

    Raises WrongStateError when it is exported or withdrawn, and while it is being made.
    """
    file_locks.refuse_while_made(file_id)
    _hold_open(file_id)


def _hold_open(file_id: int) -> None:
    with file_locks.lock_timeout():
        file = queue.open_file(file_id)
    if file is None:
        raise WrongStateError(_("Dit bestand is gemaakt of ingetrokken. Het verandert niet meer."))


def _queue_again(ids: list[int], file: DeclarationFile) -> int:
    rows = Attachment.objects.select_for_update().filter(
        pk__in=ids, state=AttachmentState.HELD, kind=AttachmentKind.REGULAR
    )
    count = queue.put_back(list(rows.order_by("id").values_list("id", flat=True)))
    announce(file)
    return count


def attach_profiles(
    *, organisation_id: int, file_id: int, on_progress: Callable[[int], object] = lambda _count: None
) -> QueueBalance:
    """Compare a file with the facts, then work until none of its persons is queued; return the balance.

    Works alone or beside other workers. `on_progress` is told how many persons were decided on. Opens its
    own scopes: a transaction per batch. Raises WrongStateError for a withdrawn file.
    """
    _refuse_withdrawn(organisation_id, file_id)
    reevaluation.compare_file(organisation_id=organisation_id, file_id=file_id)
    while True:
        done = queue.work_batch(organisation_id=organisation_id, file_id=file_id)
        on_progress(done)
        if not done and not _wait_for_others(organisation_id, file_id):
            break
    return _even_balance(organisation_id, file_id)


def _refuse_withdrawn(organisation_id: int, file_id: int) -> None:
    with scope.organisation(organisation_id):
        if DeclarationFile.objects.get(pk=file_id).state == FileState.WITHDRAWN:
            raise WrongStateError(_("Dit bestand is ingetrokken. Er kan niets meer mee."))


def _wait_for_others(organisation_id: int, file_id: int) -> bool:
    """Wait a moment while items are queued that another worker holds, or that wait for a next attempt."""
    with scope.organisation(organisation_id):
        due = queue.next_due(file_id)
    if due is None:
        return False
    until_due = (due - timezone.now()).total_seconds()
    time.sleep(min(max(until_due, SHORT_WAIT), LONG_WAIT))
    return True


def _even_balance(organisation_id: int, file_id: int) -> QueueBalance:
    with scope.organisation(organisation_id):
        file = DeclarationFile.objects.get(pk=file_id)
        balance = selectors.balance(file)
    if file.state != FileState.WITHDRAWN and (balance.queued or not balance.is_even):
        raise BrokenFileError(f"{file} does not balance: {balance}")
    return balance
