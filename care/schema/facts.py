"""Facts: what it rests on whether a code may go. A model says of itself that its rows are facts.

What follows from that is derived: a file that was made is looked at again when a row is written. Who writes
one waits for a release, by a trigger: `care.tenancy.rowsecurity.facts` in the migration of the table.
"""

from typing import TypeVar

from django.db import models

Model = TypeVar("Model", bound=type[models.Model])

_MODELS: list[type[models.Model]] = []


def fact(model: Model) -> Model:
    """Declare that the rows of a model are facts."""
    _MODELS.append(model)
    return model


def fact_tables() -> dict[str, str]:
    """Return the tables of facts of all apps, each with the column that names a client.

    The column is empty where a row says something of everybody. Needs the models of every app to be loaded.
    """
    return {model._meta.db_table: _client_column(model) for model in _MODELS}


def _client_column(model: type[models.Model]) -> str:
    if model._meta.label == "care.Client":
        return "id"
    columns = {field.column for field in model._meta.concrete_fields}
    return "client_id" if "client_id" in columns else ""
