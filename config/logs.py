"""What a log may hold of a fault: its kind and its place, never its text.

The text of an exception may quote what a person typed or what a row holds. PostgreSQL's names of constraints
and its five characters for the kind of fault do not.
"""

import copy
import logging
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

import psycopg

THEN = "\nand then:\n"
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """Writes exceptions down as kinds and places. What was said of one for another log is not used."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text; the record itself stays as it is for other handlers."""
        plain = copy.copy(record)
        plain.exc_text = None
        if record.exc_info and isinstance(record.args, Mapping):
            plain.args = {**record.args, **_of_task(record)}
        return super().format(plain)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        """Return the kinds and places of an exception and of those that led to it, the last one last."""
        return "".join(_told(ei[1], set())).rstrip("\n") if ei[1] is not None else ""


def _of_task(record: logging.LogRecord) -> dict[str, str]:
    """Return what stands in for the texts that Celery puts into a message about a task that failed."""
    info = record.exc_info
    error = info[1] if isinstance(info, tuple) else None
    given = record.args if isinstance(record.args, Mapping) else {}
    if error is None or "exc" not in given:
        return {}
    return {"exc": _kind(error), "traceback": "", "args": "", "kwargs": ""}


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield THEN
    yield from traceback.format_tb(error.__traceback__)
    yield f"{_kind(error)}\n"


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if not isinstance(error, psycopg.Error):
        return name
    said = (error.sqlstate, error.diag.table_name, error.diag.constraint_name)
    return f"{name} {' '.join(part for part in said if part)}".rstrip()
