"""Holding a file as it is for a moment, without waiting for whoever makes it: that takes minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from declarations.schema.delivery_constants import OPEN_JOBS
from declarations.schema.delivery_models import ExportJob
from declarations.schema.exceptions import WrongStateError

# A batch of the queue holds its file for less; a request that waits longer keeps a worker of the site busy.
PATIENCE: Final = "3s"
WAIT_AT_MOST: Final = "select set_config('lock_timeout', %s, true)"


def is_being_made(file_id: int) -> bool:
    """Tell whether a worker makes a file, or is about to."""
    return ExportJob.objects.filter(file=file_id, state__in=OPEN_JOBS).exists()


def refuse_while_made(file_id: int) -> None:
    """Raise WrongStateError while a worker makes a file, or is about to."""
    if is_being_made(file_id):
        raise WrongStateError(_being_made())


@contextmanager
def lock_timeout(refusal: str = "") -> Iterator[None]:
    """Wait only shortly for what somebody holds: a row, as a command does that makes the file, or a turn.

    Raises WrongStateError, with the refusal where one is given.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select current_setting('lock_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute(WAIT_AT_MOST, [PATIENCE])
            yield
            cursor.execute(WAIT_AT_MOST, [before])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise WrongStateError(refusal or _being_made()) from error
        raise


def _being_made() -> str:
    return _("Het bestand wordt nu gemaakt. Wacht tot dat klaar is, en kijk dan wat er nog kan.")
