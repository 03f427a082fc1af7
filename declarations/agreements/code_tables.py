"""Code tables: which performance code stands for which profile. A version that is loaded never changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from pydantic import ConfigDict, TypeAdapter

from declarations.schema.agreement_models import CodeTable

EXAMPLE = Path(__file__).parent / "definitions" / "example-codes.json"


class ChangedCodeTableError(Exception):
    """A definition differs from the table that was loaded under the same name and version."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A code table as it stands in a file: field 0416, field 0419, and 0417 per profile code."""

    __pydantic_config__ = ConfigDict(strict=True, extra="forbid")

    name: str
    version: str
    list_code: str
    time_unit: str
    codes: dict[str, str]


_DEFINITION = TypeAdapter(Definition)


def read(path: Path = EXAMPLE) -> Definition:
    """Return the definition in a file. Raises ValidationError when a part is missing, unknown or no text."""
    return _DEFINITION.validate_json(path.read_bytes())


def load_example(definition: Definition, *, using: str = DEFAULT_DB_ALIAS) -> CodeTable:
    """Return the shipped example table, stored once; only the owner of the tables may write it.

    Raises ChangedCodeTableError when this version was loaded with other content.
    """
    table, _is_new = CodeTable.objects.using(using).get_or_create(
        organisation=None,
        name=definition.name,
        version=definition.version,
        defaults={
            "list_code": definition.list_code,
            "time_unit": definition.time_unit,
            "codes": definition.codes,
            "is_example": True,
        },
    )
    if _as_definition(table) != definition or not table.is_example:
        raise ChangedCodeTableError(f"code table {table}: give the changed definition a version of its own")
    return table


def _as_definition(table: CodeTable) -> Definition:
    return Definition(**{name: getattr(table, name) for name in Definition.__dataclass_fields__})


def example() -> CodeTable:
    """Return the newest shipped example table."""
    return CodeTable.objects.filter(organisation=None, is_example=True).latest("id")


def after_migrate(*, using: str, **_signal: Any) -> None:
    """Store the shipped example once the tables are there (they are not after migrating to zero)."""
    if CodeTable._meta.db_table in connections[using].introspection.table_names():
        load_example(read(), using=using)
