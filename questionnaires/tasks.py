"""Background work on anamneses."""

import logging

from django.utils import timezone

from care import scope
from care.models import Organisation
from config.celery import app
from questionnaires.leaving import close_drafts

log = logging.getLogger(__name__)


@app.task(name="questionnaires.tasks.close_drafts_of_who_left", ignore_result=True, expires=600)
def close_drafts_of_who_left() -> None:
    """Close the drafts of clients whose last day in care has passed, organisation by organisation."""
    today = timezone.localdate()
    for organisation_id in list(Organisation.objects.order_by("id").values_list("id", flat=True)):
        with scope.organisation(organisation_id):
            closed = close_drafts(day=today)
        if closed:
            log.info("drafts_closed organisation=%s count=%d reason=left_care", organisation_id, closed)
