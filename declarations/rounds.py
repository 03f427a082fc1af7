"""Scheduled rounds over all rooms: they find in the tables what there is to do, whoever was not told."""

import logging
import time

from django.utils import timezone

from care.tenancy import scope
from care.tenancy.each_organisation import for_each_organisation, isolated
from care.tenancy.locks import try_advisory_lock
from config.celery import app
from declarations.delivery import jobs
from declarations.delivery.tasks import make_export
from declarations.handover import services as handover
from declarations.intake import earlier_references
from declarations.matching import queue, reevaluation
from declarations.matching.fair_scheduler import Turns
from declarations.matching.tasks import files_with_work
from declarations.progress import throughput
from declarations.progress.announcing import LOOK_FOR_DUE_EXPORTS
from declarations.replies import jobs as reply_jobs
from declarations.replies import services as replies
from declarations.replies.tasks import work_reply
from declarations.schema.delivery_constants import FORGOTTEN_AFTER

# A round stops in time for the next one to begin.
ROUND_SECONDS = 8.0

log = logging.getLogger(__name__)


@app.task(name="declarations.rounds.look_for_due_work", ignore_result=True, expires=15)
def look_for_due_work() -> None:
    """Compare with the facts and work off what is due, organisation by organisation; the broker may be empty.

    Batches go round: a large file of one organisation does not keep a small one of another waiting. A round
    that takes longer than the time to the next one is not joined by a second: they would compare the same.
    """
    with try_advisory_lock("look for due work") as is_mine:
        if is_mine:
            _round()
        else:
            log.info("round_skipped reason=busy")


def _round() -> None:
    for_each_organisation("compare", lambda each: compare_organisation(organisation_id=each))
    waiting: list[tuple[int, int]] = []
    for_each_organisation("look for work", lambda each: waiting.extend(files_with_work(each)))
    turns = Turns(waiting)
    # Comparing does not count: however long it took, whoever waits in the queue has a turn.
    end = time.monotonic() + ROUND_SECONDS
    while turns and time.monotonic() < end:
        organisation_id, file_id = turns.take()
        with isolated("work", organisation_id):
            if queue.work_batch(organisation_id=organisation_id, file_id=file_id):
                turns.give_back(organisation_id, file_id)


def compare_organisation(*, organisation_id: int) -> int:
    """Look at what was made and may no longer go, then at who is held; return how many are queued again."""
    handover.examine_organisation(organisation_id=organisation_id)
    return reevaluation.compare_organisation(organisation_id=organisation_id)


@app.task(name=LOOK_FOR_DUE_EXPORTS, ignore_result=True, expires=10)
def look_for_due_exports() -> None:
    """Send a worker to every job that is open: new ones, and those that a worker left when it died."""
    with try_advisory_lock("look for due exports") as is_mine:
        if not is_mine:
            return
        for_each_organisation("look for due exports", _send_workers)


def _send_workers(organisation_id: int) -> None:
    for public_id in jobs.due(organisation_id):
        make_export.apply_async((organisation_id, str(public_id)), expires=10)
    for public_id in reply_jobs.due(organisation_id):
        work_reply.apply_async((organisation_id, str(public_id)), expires=10)


@app.task(name="declarations.rounds.forget_the_unconfirmed", ignore_result=True)
def forget_the_unconfirmed() -> None:
    """Remove lists of answers that nobody let count, and progress that nobody looks at any more."""
    for_each_organisation("forget the unconfirmed", _forget_unconfirmed)


def _forget_unconfirmed(organisation_id: int) -> None:
    before = timezone.now() - FORGOTTEN_AFTER
    with scope.organisation(organisation_id):
        throughput.forget_old(before=before)
        replies.forget_unconfirmed(before=before)


@app.task(name="declarations.rounds.keep_references", ignore_result=True, expires=25)
def keep_references() -> None:
    """Keep the references (0431) of files that came in before they were kept; a few seconds at a time."""
    with try_advisory_lock("keep references") as is_mine:
        if is_mine:
            until = time.monotonic() + ROUND_SECONDS
            for_each_organisation(
                "keep references", lambda each: earlier_references.catch_up(each, until=until)
            )
