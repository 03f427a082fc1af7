"""The rows of the demo as a test finds them: kept in a schema of their own, and put back before each test.

`python -m tests.live.found` keeps those of the installation that DRAAGVLAK_VAR names.
"""

import sys
from pathlib import Path

import psycopg
from psycopg import Connection, sql

from config import environment, servers
from config.embedded.paths import SUPERUSER, postgres_url
from tests.waiting import wait_until

SCHEMA = "as_found"
TABLES = "select tablename from pg_tables where schemaname = %s order by tablename"


def keep() -> int:
    """Copy every row of the installation; return the exit code."""
    servers.start()
    with psycopg.connect(postgres_url(environment.var_folder(), SUPERUSER)) as connection:
        connection.execute(f"create schema {SCHEMA}")
        for table in _tables(connection, "public"):
            connection.execute(sql.SQL("create table {} as table {}").format(_kept(table), _own(table)))
    return 0


def put_back(var: Path) -> None:
    """Put the kept rows back in the installation in a data folder, at once, between the work of others."""
    with psycopg.connect(postgres_url(var, SUPERUSER)) as connection:
        # Who is in whose way is found out by this one first, so that no work of the product is stopped.
        connection.execute("set deadlock_timeout = '20ms'")
        connection.execute("set session_replication_role = replica")
        connection.commit()
        wait_until(lambda: _is_put_back(connection), what="rows put back")


def _is_put_back(connection: Connection) -> bool:
    """Put the rows back, without triggers and keys; False where somebody was in the way."""
    try:
        with connection.transaction():
            tables = _tables(connection, "public")
            connection.execute(sql.SQL("lock table {}").format(sql.SQL(", ").join(map(_own, tables))))
            for table in tables:
                connection.execute(sql.SQL("delete from {}").format(_own(table)))
                connection.execute(sql.SQL("insert into {} table {}").format(_own(table), _kept(table)))
    except psycopg.errors.DeadlockDetected:
        return False
    return True


def _tables(connection: Connection, schema: str) -> list[str]:
    return [name for (name,) in connection.execute(TABLES, [schema])]


def _own(table: str) -> sql.Composable:
    return sql.Identifier("public", table)


def _kept(table: str) -> sql.Composable:
    return sql.Identifier(SCHEMA, table)


if __name__ == "__main__":
    sys.exit(keep())
