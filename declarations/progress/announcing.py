"""Sending work to a worker by the name of its task: rooms below do not know the rooms that do it."""

import logging
from typing import Final

from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from config.celery import app

LOOK_FOR_DUE_EXPORTS: Final = "declarations.rounds.look_for_due_exports"

log = logging.getLogger(__name__)


def announce(task: str, *arguments: int | str, otherwise: str) -> None:
    """Let a worker go and look once the rows are there to be seen.

    Without a broker `otherwise` is logged, an event with its ids: a scheduled round finds the rows as well.
    """

    def send() -> None:
        try:
            app.send_task(task, arguments, ignore_result=True)
        except BrokerError as error:
            log.warning("%s fault=%s", otherwise, type(error).__name__)

    transaction.on_commit(send, robust=True)


def announce_free_place() -> None:
    """Let the next piece of long work begin: a place is free."""
    app.send_task(LOOK_FOR_DUE_EXPORTS, ignore_result=True, expires=10)
