"""Tests run under row-level security: the owner makes the tables, then every query is the runtime role's.

Each process has a database of its own, copied from one that is migrated once and kept until what makes tables
changes: migrations, and what they import.
"""

import ast
import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from psycopg.pq import TransactionStatus

from config import environment
from config.embedded import lock
from config.embedded.paths import RUNTIME_ROLE

ROOT = environment.ROOT
APPS = ("care", "questionnaires", "profiles", "declarations", "exchange")
KEPT = "as_migrated"  # a schema with the rows that the migrations made


def take_copy(process: str) -> None:
    """Go to a new database with all tables, named after this process and bound by row-level security."""
    home = str(connection.settings_dict["NAME"])
    migrated, own = f"migrated_{fingerprint()}", f"test_{process}"
    with lock.exclusively(environment.var_folder() / "migrated.lock"):
        if migrated not in _databases():
            _make_migrated(home, migrated)
    _drop(own)
    _tell(f"create database {own} template {migrated}")
    _go_to(own)
    _bind_to_runtime_role()


def give_back(home: str) -> None:
    """Go back to the database that this process began with, and remove its own."""
    connection_created.disconnect(dispatch_uid="runtime role")
    own = str(connection.settings_dict["NAME"])
    connection.close()
    gc.collect()  # a connection that a test left with an error that it expected closes itself now
    _go_to(home)
    _drop(own)
    connection.close()


def sources() -> list[Path]:
    """Return the files that decide what the tables are: migrations, what they import, and the packages."""
    found = [file for app in APPS for file in sorted((ROOT / app / "migrations").glob("*.py"))]
    for file in found:  # grows on the way
        found += [each for each in _imported(file) if each not in found]
    return [*found, ROOT / "config" / "requirements.txt", Path(__file__)]


def fingerprint() -> str:
    """Return a hash over all that decides what the tables are."""
    digest = hashlib.sha256()
    for file in sorted(sources()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _imported(file: Path) -> list[Path]:
    """Return the modules of the product that a file names in its imports."""
    named: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            named += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    paths = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in named]
    return [path for path in paths if path.is_file() and path.relative_to(ROOT).parts[0] in APPS]


def _make_migrated(home: str, name: str) -> None:
    """Make the database that others are copied from: whole before it bears the name."""
    for old in _databases():
        if old.startswith("migrated_"):
            _drop(old)
    _tell("create database migrated_unfinished")
    _go_to("migrated_unfinished")
    call_command("migrate", verbosity=0, interactive=False)
    _remember_migrated_rows()
    _go_to(home)
    _tell(f"alter database migrated_unfinished rename to {name}")


def _databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select datname from pg_database")
        return [name for (name,) in cursor.fetchall()]


def _drop(name: str) -> None:
    _tell(f"drop database if exists {name} with (force)")


def _tell(order: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(order)


def _go_to(name: str) -> None:
    """Let every connection of this process be one to another database."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _bind_to_runtime_role() -> None:
    connection_created.connect(_bind, dispatch_uid="runtime role")
    TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]
    _become(connection, RUNTIME_ROLE)


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
    """Leave the tables as the migrations did: Django's own flush would also lose the rows they made.

    At once, as rows refer to each other and the tables come in no order.
    """
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
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
    with transaction.atomic(), connection.cursor() as cursor:
        # What a service told earlier in the transaction of the test is of another transaction in life.
        cursor.execute("select set_config('app.told', '', true)")
        for change in changes:
            change()
        look_at_constraints()
