"""Background work of making files: told to go and look, it finds in the table what there is to make."""

import logging
from uuid import UUID

from django.utils import timezone

from care import scope
from care.each_organisation import for_each_organisation
from config.celery import app
from declarations.delivery import jobs
from declarations.progress import throughput
from declarations.progress.progress_channel import alone
from declarations.replies import jobs as reply_jobs
from declarations.replies import services
from declarations.schema.delivery_constants import FORGOTTEN_AFTER

log = logging.getLogger(__name__)


@app.task(name="declarations.delivery.tasks.make_export", ignore_result=True)
def make_export(organisation_id: int, job_id: str) -> None:
    """Make the file of one job; then see to it that the next one begins."""
    if jobs.work(organisation_id=organisation_id, public_id=UUID(job_id)):
        look_for_due_exports.delay()


@app.task(name="declarations.delivery.tasks.work_reply", ignore_result=True)
def work_reply(organisation_id: int, reply_id: str) -> None:
    """Look at or record one answer of an insurer; then see to it that the next piece of work begins."""
    if reply_jobs.work(organisation_id=organisation_id, public_id=UUID(reply_id)):
        look_for_due_exports.delay()


@app.task(name="declarations.delivery.tasks.look_for_due_exports", ignore_result=True, expires=10)
def look_for_due_exports() -> None:
    """Send a worker to every job that is open: new ones, and those that a worker left when it died."""
    with alone("look for due exports") as is_mine:
        if not is_mine:
            return
        for_each_organisation("look for due exports", _send_workers)


def _send_workers(organisation_id: int) -> None:
    for public_id in jobs.due(organisation_id):
        make_export.apply_async((organisation_id, str(public_id)), expires=10)
    for public_id in reply_jobs.due(organisation_id):
        work_reply.apply_async((organisation_id, str(public_id)), expires=10)


@app.task(name="declarations.delivery.tasks.forget_the_unconfirmed", ignore_result=True)
def forget_the_unconfirmed() -> None:
    """Remove lists of answers that nobody let count, and progress that nobody looks at any more."""
    for_each_organisation("forget the unconfirmed", _forget_unconfirmed)


def _forget_unconfirmed(organisation_id: int) -> None:
    before = timezone.now() - FORGOTTEN_AFTER
    with scope.organisation(organisation_id):
        throughput.forget_old(before=before)
        services.forget_unconfirmed(before=before)
