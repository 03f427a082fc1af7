"""Triggers as the migrations leave them, and what they write: only rows of the app of their own table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: In the order of the text: a function or trigger is made, made anew, or dropped.
_STEP: Final = re.compile(
    r"""
      CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?P<function>\w+)\s*\(.*?\bAS\s+(?P<quote>\$\w*\$)(?P<body>.*?)(?P=quote)
    | DROP\s+FUNCTION\s+(?:IF\s+EXISTS\s+)?(?P<dropped_function>\w+)
    | CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(?P<trigger>\w+)\s.*?\sON\s+(?P<table>\w+)
        .*?EXECUTE\s+FUNCTION\s+(?P<called>\w+)
    | DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(?P<dropped>\w+)\s+ON\s+(?P<dropped_on>\w+)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_WRITES: Final = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(?:ONLY\s+)?(\w+)", re.IGNORECASE
)
_CALLED: Final = re.compile(r"\b(\w+)\s*\(")


@dataclass(slots=True)
class Triggers:
    """The function of each trigger, by table and name; the bodies of functions, by name."""

    functions: dict[tuple[str, str], str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)

    def read(self, sql: str) -> None:
        """Follow what a text of SQL makes and drops."""
        for step in _STEP.finditer(sql):
            if step["function"]:
                self.bodies[step["function"]] = step["body"]
            elif step["dropped_function"]:
                self.bodies.pop(step["dropped_function"], None)
            elif step["trigger"]:
                self.functions[step["table"], step["trigger"]] = step["called"]
            else:
                self.functions.pop((step["dropped_on"], step["dropped"]), None)

    def written_by(self, function: str) -> set[str]:
        """Return what a function writes into, itself or by a function that it calls."""
        seen, waiting, written = set[str](), [function], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self.bodies:
                continue
            seen.add(name)
            written |= set(_WRITES.findall(self.bodies[name]))
            waiting += _CALLED.findall(self.bodies[name])
        return written


def triggers_of_migrations() -> Triggers:
    """Return the triggers that stand once every migration of ours has run."""
    from django.db.migrations.loader import MigrationLoader

    loader, found = MigrationLoader(None), Triggers()
    for app, name in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        for sql in _sql_of(loader.get_migration(app, name).operations):
            found.read(sql)
    return found


def _sql_of(operations: object) -> Iterator[str]:
    from django.db.migrations import RunSQL, SeparateDatabaseAndState

    for operation in operations:  # type: ignore[attr-defined]
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _sql_of(operation.database_operations)
        elif isinstance(operation, RunSQL):
            statements = [operation.sql] if isinstance(operation.sql, str) else operation.sql
            yield from (one if isinstance(one, str) else one[0] for one in statements)


def tables_by_app() -> dict[str, str]:
    """Return the app whose model each table is of: by its module, as a table keeps its label."""
    from django.apps import apps

    return {
        model._meta.db_table: model.__module__.partition(".")[0]
        for model in apps.get_models(include_auto_created=True)
    }


def foreign_writes(triggers: Triggers, apps: dict[str, str]) -> Iterator[str]:
    """Yield each trigger that writes rows of another app."""
    for (table, name), function in sorted(triggers.functions.items()):
        for written in sorted(triggers.written_by(function) & apps.keys()):
            if apps[written] != apps.get(table):
                yield f"trigger {name} on {table} of {apps.get(table)} writes {written} of {apps[written]}"
