"""Background work on people: what a new day brings."""

import logging

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from care.clients.moves import apply_planned_moves
from care.tenancy import scope
from care.tenancy.each_organisation import for_each_organisation
from config.celery import app

log = logging.getLogger(__name__)


@app.task(name="care.tasks.let_planned_moves_begin", ignore_result=True, expires=600)
def let_planned_moves_begin() -> None:
    """Bring every client's row to the team and the insurer of today, organisation by organisation."""
    for_each_organisation("let planned moves begin", _let_moves_begin)


def _let_moves_begin(organisation_id: int) -> None:
    with scope.organisation(organisation_id):
        moved = apply_planned_moves(day=timezone.localdate())
    if moved:
        log.info("planned_moves_began organisation=%s count=%d", organisation_id, moved)


@app.task(name="care.tasks.forget_old_sessions", ignore_result=True, expires=3600)
def forget_old_sessions() -> None:
    """Remove the sessions that have ended: an open one may hold answers that wait for a log-in."""
    SessionStore.clear_expired()
