"""That migrations can be carried out on an installation with data, not on an empty one only."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.db.migrations import CreateModel, Migration, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

OURS = ("care", "questionnaires", "profiles", "declarations")
_BODIES = re.compile(r"\$\$.*?\$\$", re.DOTALL)
_FILLS, _ALTERS = re.compile(r"INSERT INTO (\w+)"), re.compile(r"ALTER TABLE (\w+)")


def migrations() -> list[Migration]:
    found = MigrationLoader(None).disk_migrations
    return [migration for (app, _name), migration in sorted(found.items()) if app in OURS]


def flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def altered_by(operation: Operation, app: str) -> set[str]:
    if isinstance(operation, RunSQL):
        return set(_ALTERS.findall(_BODIES.sub("", str(operation.sql))))
    model = getattr(operation, "model_name", None)
    return {f"{app}_{model.lower()}"} if model else set()


def filled_by(operation: Operation) -> set[str]:
    sql = str(operation.sql) if isinstance(operation, RunSQL) else ""
    return set(_FILLS.findall(_BODIES.sub("", sql)))


@pytest.mark.parametrize("migration", migrations(), ids=str)
def test_it_alters_no_table_that_it_has_filled(migration: Migration) -> None:
    """PostgreSQL refuses that where foreign keys are looked at only when the transaction ends.

    A table that the migration itself makes gets its foreign keys at the end.
    """
    operations = list(flat(migration.operations))
    made = {
        f"{migration.app_label}_{operation.name.lower()}"
        for operation in operations
        if isinstance(operation, CreateModel)
    }
    filled = set[str]()
    for operation in operations:
        assert not filled & altered_by(operation, migration.app_label)
        filled |= filled_by(operation) - made
