"""Background work of answers: told to go and look, it finds in the table which answer there is to work on."""

from uuid import UUID

from config.celery import app
from declarations.progress import announcing
from declarations.replies import jobs


@app.task(name=jobs.WORK_REPLY, ignore_result=True)
def work_reply(organisation_id: int, reply_id: str) -> None:
    """Look at or record one answer of an insurer; then see to it that the next piece of work begins."""
    if jobs.work(organisation_id=organisation_id, public_id=UUID(reply_id)):
        announcing.announce_free_place()
