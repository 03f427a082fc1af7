"""Background work: it is told to go and look, and finds in the tables what there is to do."""

import logging
import time
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.utils import timezone

from care.tenancy import scope
from care.tenancy.each_organisation import for_each_organisation
from config.celery import app
from declarations.matching import queue, reconciliation
from declarations.queries import selectors
from declarations.schema.constants import AttachmentState, FileState
from declarations.schema.models import Attachment, DeclarationFile

# After so many batches, or so long, a file goes to the end of the line: it must not keep others waiting. The
# files of one organisation share the batches of one turn, so that many files are no more turns than one.
BATCHES_PER_TURN = 10
TURN_SECONDS = 1.0

ATTACH_FILE: Final = "declarations.matching.tasks.attach_file"

log = logging.getLogger(__name__)


@app.task(name=ATTACH_FILE, ignore_result=True)
def attach_file(file_id: str) -> None:
    """Work on the queue of one file for one turn."""
    organisation_id = selectors.organisation_of_file(UUID(file_id))
    if organisation_id is None:
        log.warning("attach_file_skipped file=%s reason=unknown", file_id)
        return
    with scope.organisation(organisation_id):
        file = DeclarationFile.objects.get(public_id=file_id)
    if file.state != FileState.IMPORTED:
        log.info("attach_file_skipped file=%s reason=%s", file_id, file.state)
        return
    end = time.monotonic() + TURN_SECONDS
    for _batch in range(_batches_per_turn(organisation_id)):
        if not queue.work_batch(organisation_id=organisation_id, file_id=file.pk):
            return
        if time.monotonic() >= end:
            break
    attach_file.delay(file_id)


def _batches_per_turn(organisation_id: int) -> int:
    """Return how many batches a file of an organisation may do before others have their turn."""
    waiting = len(list(files_with_work(organisation_id)))
    return max(1, BATCHES_PER_TURN // max(1, waiting))


def files_with_work(organisation_id: int) -> Iterator[tuple[int, int]]:
    """Yield (organisation, file) for every file of an organisation in which somebody is due."""
    with scope.organisation(organisation_id):
        due = Attachment.objects.filter(
            state=AttachmentState.QUEUED, due_at__lte=timezone.now(), file__state=FileState.IMPORTED
        )
        files = list(due.order_by("file_id").values_list("file_id", flat=True).distinct())
    return ((organisation_id, file_id) for file_id in files)


@app.task(name="declarations.matching.tasks.count_every_file", ignore_result=True)
def count_every_file() -> None:
    """Count whether every file adds up, organisation by organisation; what does not is noted and logged."""
    for_each_organisation("count", lambda each: reconciliation.note_balances(organisation_id=each))


@app.task(name="declarations.matching.tasks.tell_who_waits_too_long", ignore_result=True, expires=3000)
def tell_who_waits_too_long() -> None:
    """Log each organisation whose queue stands still."""
    for_each_organisation("tell who waits", lambda each: reconciliation.log_waiting(organisation_id=each))
