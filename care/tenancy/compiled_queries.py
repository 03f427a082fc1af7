"""Statements that are put together once per process: building a large query takes longer than asking it.

A query is built with stand-ins; each time that it is asked, the values of that time take their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

#: Values that nobody can mean.
A_DAY, A_WHILE = date(1111, 11, 11), timedelta(weeks=1_111)
A_NUMBER, ANOTHER_NUMBER, A_THIRD_NUMBER, SOME_NUMBERS = -(2**61), -(2**61) - 1, -(2**61) - 3, [-(2**61) - 2]


def among(numbers: list[int]) -> RawSQL:
    """Return the right side of a condition `…__in` that is the same text for any number of numbers."""
    return RawSQL("select unnest(%s::bigint[])", (numbers,))


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A statement with its parameters; `names` tells at which places a value comes later, and which."""

    sql: str
    params: tuple[Any, ...]
    names: Mapping[int, str]

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask it and return the rows as the database gives them."""
        params = [values[self.names[at]] if at in self.names else each for at, each in enumerate(self.params)]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


def compiled(query: QuerySet[Any, Any], **stand_ins: Any) -> CompiledQuery:
    """Put a query together that was built with stand-ins, each of which is named. Raises KeyError."""
    sql, params = query.query.sql_with_params()
    return statement(sql, params, **stand_ins)


def statement(sql: str, params: tuple[Any, ...], **stand_ins: Any) -> CompiledQuery:
    """Return a statement of which some parameters are stand-ins. Raises KeyError for one that is missing."""
    names = {at: name for at, each in enumerate(params) for name, one in stand_ins.items() if _is(each, one)}
    if missing := stand_ins.keys() - set(names.values()):
        raise KeyError(*missing)
    return CompiledQuery(sql, tuple(params), names)


def _is(param: Any, stand_in: Any) -> bool:
    return type(param) is type(stand_in) and bool(param == stand_in)
