"""How the database is to read while much is joined."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def whole_tables() -> Iterator[None]:
    """Read joined tables as a whole inside.

    Right after a large import the database has no statistics yet, takes the tables for small, and would join
    each record to each person in turn.
    """
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('enable_nestloop')")
        (before,) = cursor.fetchone() or ("on",)
        cursor.execute("select set_config('enable_nestloop', 'off', true)")
        yield
        cursor.execute("select set_config('enable_nestloop', %s, true)", [before])
