"""Scheduled work goes from organisation to organisation, and a fault at one never stops it for the others."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from care.schema.models import Organisation

log = logging.getLogger(__name__)


def organisation_ids() -> list[int]:
    """Return every organisation of the installation, the oldest first."""
    return list(Organisation.objects.order_by("id").values_list("id", flat=True))


def for_each_organisation(step: str, work: Callable[[int], object]) -> None:
    """Do work with the id of every organisation; `step` names it in the log where it fails."""
    for organisation_id in organisation_ids():
        with isolated(step, organisation_id):
            work(organisation_id)


@contextmanager
def isolated(step: str, organisation_id: int) -> Iterator[None]:
    """Let a fault in what belongs to one organisation be logged, and not stop the work for the others.

    Without its text and its trace: a value of a person may be in them. A connection that was lost with it is
    given up, so that the next organisation gets a new one.
    """
    try:
        yield
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is this organisation's
        log.error(  # noqa: TRY400
            "round_failed step=%s organisation=%s fault=%s", step, organisation_id, type(fault).__name__
        )
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()
