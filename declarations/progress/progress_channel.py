"""Progress that can be seen now, over a second connection beside the work's own.

What is told here is committed at once, whatever becomes of the transaction that it tells of. Telling is a
courtesy: where it fails, the work goes on in silence.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError
from django.utils import timezone

from care.tenancy.locks import second_connection
from declarations.schema.delivery_constants import JobPhase

TOLD_EVERY = 0.4  # seconds
TELL = """
    INSERT INTO declarations_progress (key, organisation_id, phase, done, total, phase_began_at, told_at)
    VALUES (%s, %s, %s, %s, %s, %s, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET phase = excluded.phase, done = excluded.done, total = excluded.total,
        phase_began_at = excluded.phase_began_at, told_at = excluded.told_at
"""

log = logging.getLogger(__name__)


class ProgressReporter:
    """Is told how far a piece of work is. This one does nothing with it."""

    def begin(self, phase: JobPhase, total: int) -> None:
        """A stretch of `total` records begins."""

    def add(self, count: int) -> None:
        """So many records more are done."""


SILENT = ProgressReporter()


class DatabaseProgress(ProgressReporter):
    """Writes down how far a piece of work is, now and then."""

    def __init__(self, other: Any, *, key: UUID, organisation_id: int) -> None:
        self._other, self._key, self._organisation_id = other, key, organisation_id
        self._phase, self._done, self._total = JobPhase.CHECKING, 0, 0
        self._began = timezone.now()
        self._next = 0.0

    def begin(self, phase: JobPhase, total: int) -> None:
        """Start counting anew."""
        self._phase, self._done, self._total, self._began = phase, 0, total, timezone.now()
        self._write()

    def add(self, count: int) -> None:
        """Count on."""
        self._done += count
        if time.monotonic() >= self._next:
            self._write()

    def _write(self) -> None:
        self._next = time.monotonic() + TOLD_EVERY
        row = (self._key, self._organisation_id, self._phase.value, self._done, self._total, self._began)
        if self._other is not None:
            self._try(row)

    def _try(self, row: tuple[UUID, int, str, int, int, datetime]) -> None:
        try:
            with self._other.transaction():
                self._other.execute(
                    "SELECT set_config('app.organisation', %s, true)", [str(self._organisation_id)]
                )
                self._other.execute(TELL, row)
        except psycopg.Error as fault:
            self._other = None
            log.warning("progress_untold key=%s fault=%s", self._key, type(fault).__name__)


@contextmanager
def telling(*, key: UUID, organisation_id: int) -> Iterator[ProgressReporter]:
    """Give somebody to tell how far the work is, under a key that a page can ask for."""
    with ExitStack() as open_ones:
        try:
            other = open_ones.enter_context(second_connection())
        except DatabaseError as fault:
            log.warning("progress_untold key=%s fault=%s", key, type(fault).__name__)
            yield SILENT
            return
        yield DatabaseProgress(other, key=key, organisation_id=organisation_id)
