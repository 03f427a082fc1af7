"""Tests run under row-level security: the owner makes the tables, then every query is the runtime role's."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from psycopg.pq import TransactionStatus

from config.embedded.paths import RUNTIME_ROLE

END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and usename = current_user
"""
KEPT = "as_migrated"  # a schema with the rows that the migrations made


def bind_to_runtime_role() -> None:
    """From now on every connection of this process is bound by row-level security."""
    _remember_migrated_rows()
    connection_created.connect(_bind, dispatch_uid="runtime role")
    TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]
    _become(connection, RUNTIME_ROLE)


def unbind() -> None:
    """Let connections be the owner's again, and be alone, so that the test database can be dropped.

    A connection that a test left to be cleared away, with an error that it expected, may still be there.
    """
    connection_created.disconnect(dispatch_uid="runtime role")
    connection.close()
    gc.collect()
    with connection.cursor() as cursor:
        cursor.execute(END_OTHERS)
    connection.close()


@contextmanager
def as_owner() -> Iterator[None]:
    """Do the work inside as the owner of the tables, whom row policies do not bind: same connection."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        before = cursor.fetchone()[0]
        cursor.execute("reset role")
    try:
        yield
    finally:
        if not _is_broken():  # else the rollback restores the role
            _become(connection, before)


def _is_broken() -> bool:
    driver = connection.connection
    return driver is None or driver.info.transaction_status == TransactionStatus.INERROR


def _bind(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    _become(connection, RUNTIME_ROLE)


def _become(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set role {connection.ops.quote_name(role)}")


def _remember_migrated_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"drop schema if exists {KEPT} cascade")
        cursor.execute(f"create schema {KEPT}")
        for table in _filled_tables():
            cursor.execute(f'create table {KEPT}."{table}" as table "{table}"')


def _empty_tables(_test: TransactionTestCase) -> None:
    """Leave the tables as the migrations did: Django's own flush would also lose the rows they made."""
    with as_owner(), connection.cursor() as cursor:
        filled = ", ".join(f'"{table}"' for table in _filled_tables())
        if filled:
            cursor.execute(f"truncate {filled} cascade")
        cursor.execute("select tablename from pg_tables where schemaname = %s", [KEPT])
        for (table,) in cursor.fetchall():
            cursor.execute(f'insert into "{table}" table {KEPT}."{table}"')


def _filled_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        looks = " union all ".join(f"select '{name}' where exists (table \"{name}\")" for name in tables)
        cursor.execute(looks)
        return [name for (name,) in cursor.fetchall()]


def look_at_constraints() -> None:
    """Let the database look now at what it looks at when a transaction ends."""
    connection.check_constraints()


def by_hand(*changes: Callable[[], object]) -> None:
    """Write past every service, as the whole of a transaction."""
    with transaction.atomic():
        for change in changes:
            change()
        look_at_constraints()
