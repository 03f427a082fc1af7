"""Doing something on a connection of its own while the test goes on: for tests of what comes in at once."""

from collections.abc import Callable
from threading import Thread

from django.db import connection


def somebody_waits() -> bool:
    """Tell whether anybody waits for a lock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return bool(cursor.fetchone()[0])


def beside(work: Callable[[], object]) -> tuple[Thread, list[object]]:
    """Begin work on a connection of its own; return its thread, and where its outcome comes to stand."""
    outcomes: list[object] = []

    def done() -> None:
        try:
            outcomes.append(work())
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            outcomes.append(error)
        finally:
            connection.close()

    thread = Thread(target=done)
    thread.start()
    return thread, outcomes
