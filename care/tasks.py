"""Background work on people: what a new day brings."""

import logging

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from care import scope
from care.models import Organisation
from care.services import turn_the_day
from config.celery import app

log = logging.getLogger(__name__)


@app.task(name="care.tasks.let_planned_moves_begin", ignore_result=True, expires=600)
def let_planned_moves_begin() -> None:
    """Bring every client's row to the team and the insurer of today, organisation by organisation."""
    today = timezone.localdate()
    for organisation_id in list(Organisation.objects.order_by("id").values_list("id", flat=True)):
        with scope.organisation(organisation_id):
            moved = turn_the_day(day=today)
        if moved:
            log.info("planned_moves_began organisation=%s count=%d", organisation_id, moved)


@app.task(name="care.tasks.forget_old_sessions", ignore_result=True, expires=3600)
def forget_old_sessions() -> None:
    """Remove the sessions that have ended: an open one may hold answers that wait for a log-in."""
    SessionStore.clear_expired()
