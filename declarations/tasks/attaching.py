"""Background work: it is told to go and look, and finds in the tables what there is to do."""

import logging
import time
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from care import scope
from care.each_organisation import for_each_organisation, isolated
from config.celery import app
from declarations import selectors
from declarations.attaching import comparison, queue, watching
from declarations.attaching.turns import Turns
from declarations.constants import AttachmentState, FileState
from declarations.files import references
from declarations.models import Attachment, DeclarationFile
from declarations.outgoing.beside import alone

# After so many batches, or so long, a file goes to the end of the line: it must not keep others waiting. The
# files of one organisation share the batches of one turn, so that many files are no more turns than one.
BATCHES_PER_TURN = 10
TURN_SECONDS = 1.0
# A round stops in time for the next one to begin.
ROUND_SECONDS = 8.0

log = logging.getLogger(__name__)


@app.task(name="declarations.tasks.attaching.attach_file", ignore_result=True)
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
    waiting = len(list(_files_with_work(organisation_id)))
    return max(1, BATCHES_PER_TURN // max(1, waiting))


@app.task(name="declarations.tasks.attaching.look_for_due_work", ignore_result=True, expires=15)
def look_for_due_work() -> None:
    """Compare with the facts and work off what is due, organisation by organisation; the broker may be empty.

    Batches go round: a large file of one organisation does not keep a small one of another waiting. A round
    that takes longer than the time to the next one is not joined by a second: they would compare the same.
    """
    with alone("look for due work") as is_mine:
        if is_mine:
            _round()
        else:
            log.info("round_skipped reason=busy")


def _round() -> None:
    for_each_organisation("compare", lambda each: comparison.compare_organisation(organisation_id=each))
    waiting: list[tuple[int, int]] = []
    for_each_organisation("look for work", lambda each: waiting.extend(_files_with_work(each)))
    turns = Turns(waiting)
    # Comparing does not count: however long it took, whoever waits in the queue has a turn.
    end = time.monotonic() + ROUND_SECONDS
    while turns and time.monotonic() < end:
        organisation_id, file_id = turns.take()
        with isolated("work", organisation_id):
            if queue.work_batch(organisation_id=organisation_id, file_id=file_id):
                turns.give_back(organisation_id, file_id)


def _files_with_work(organisation_id: int) -> Iterator[tuple[int, int]]:
    with scope.organisation(organisation_id):
        due = Attachment.objects.filter(
            state=AttachmentState.QUEUED, due_at__lte=timezone.now(), file__state=FileState.IMPORTED
        )
        files = list(due.order_by("file_id").values_list("file_id", flat=True).distinct())
    return ((organisation_id, file_id) for file_id in files)


@app.task(name="declarations.tasks.attaching.count_every_file", ignore_result=True)
def count_every_file() -> None:
    """Count whether every file adds up, organisation by organisation; what does not is noted and logged."""
    for_each_organisation("count", lambda each: watching.note_balances(organisation_id=each))


@app.task(name="declarations.tasks.attaching.tell_who_waits_too_long", ignore_result=True, expires=3000)
def tell_who_waits_too_long() -> None:
    """Log each organisation whose queue stands still."""
    for_each_organisation("tell who waits", lambda each: watching.log_waiting(organisation_id=each))


@app.task(name="declarations.tasks.attaching.keep_references", ignore_result=True, expires=25)
def keep_references() -> None:
    """Keep the references (0431) of files that came in before they were kept; a few seconds at a time."""
    with alone("keep references") as is_mine:
        if is_mine:
            until = time.monotonic() + ROUND_SECONDS
            for_each_organisation("keep references", lambda each: references.catch_up(each, until=until))
