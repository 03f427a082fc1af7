"""Background work on anamneses."""

import logging

from django.utils import timezone

from care.tenancy import scope
from care.tenancy.each_organisation import for_each_organisation
from config.celery import app
from questionnaires.anamneses.discarded_drafts import forget_answers
from questionnaires.anamneses.discharge import close_drafts, open_drafts

log = logging.getLogger(__name__)


@app.task(name="questionnaires.anamneses.tasks.close_drafts_of_who_left", ignore_result=True, expires=600)
def close_drafts_of_who_left() -> None:
    """Close the drafts of clients whose last day in care has passed, organisation by organisation.

    Those whose last day was taken back since, by an import or a program, are opened again.
    """
    for_each_organisation("close drafts of who left", _close_drafts)


def _close_drafts(organisation_id: int) -> None:
    today = timezone.localdate()
    with scope.organisation(organisation_id):
        closed, opened = close_drafts(day=today), open_drafts(day=today)
    if closed:
        log.info("drafts_closed organisation=%s count=%d reason=left_care", organisation_id, closed)
    if opened:
        log.info("drafts_opened_again organisation=%s count=%d", organisation_id, opened)


@app.task(name="questionnaires.anamneses.tasks.forget_what_was_thrown_away", ignore_result=True, expires=600)
def forget_what_was_thrown_away() -> None:
    """Wipe the answers of drafts that were thrown away a day ago, organisation by organisation."""
    for_each_organisation("forget what was thrown away", _forget_answers)


def _forget_answers(organisation_id: int) -> None:
    with scope.organisation(organisation_id):
        forgotten = forget_answers(at=timezone.now())
    if forgotten:
        log.info("thrown_away_forgotten organisation=%s count=%d", organisation_id, forgotten)
