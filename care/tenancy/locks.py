"""One at a time: whoever wants the same turn waits for whoever has it, without holding a row meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


def wait_for(turn: str) -> None:
    """Have a turn until the transaction at hand ends; wait for whoever has it.

    Not by a row: that is held by others for other reasons, who would then wait too.
    """
    _take("pg_advisory_xact_lock", turn)


def let_facts_stand(organisation_id: int) -> None:
    """Wait until nobody writes facts of an organisation, and let nobody until the transaction at hand ends.

    Facts are the tables of `rowsecurity.facts()`. Whoever calls this keeps others waiting, for an instant.
    Who writes facts without a scope may write those of any organisation, and waits for each.
    """
    _take("pg_advisory_xact_lock_shared", "facts of everybody")
    wait_for(f"facts of organisation {organisation_id}")


@contextmanager
def second_connection() -> Iterator[Any]:
    """Give a connection of psycopg to the same database, outside the transaction at hand."""
    other = connection.copy()
    try:
        other.ensure_connection()
        yield other.connection
    finally:
        other.close()


@contextmanager
def try_advisory_lock(name: str) -> Iterator[bool]:
    """Tell whether nobody else is inside with this name, on any machine; nobody else gets in until the end.

    When the process dies, the database lets go.
    """
    with second_connection() as other:
        (is_mine,) = other.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                other.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _take(lock: str, turn: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {lock}(hashtextextended(%s, 0))", [turn])
