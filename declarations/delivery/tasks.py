"""Background work of making files: told to go and look, it finds in the table what there is to make."""

from uuid import UUID

from config.celery import app
from declarations.delivery import jobs
from declarations.delivery.job_requests import MAKE_EXPORT
from declarations.progress import announcing


@app.task(name=MAKE_EXPORT, ignore_result=True)
def make_export(organisation_id: int, job_id: str) -> None:
    """Make the file of one job; then see to it that the next one begins."""
    if jobs.work(organisation_id=organisation_id, public_id=UUID(job_id)):
        announcing.announce_free_place()
