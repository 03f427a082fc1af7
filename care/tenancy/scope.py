"""Whose rows a piece of work may see: set in PostgreSQL for one transaction, enforced there by row policies.

Nothing set means no rows. Work that outlives the transaction (a streamed response) opens its own scope.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Scope:
    """The user who acts, and the organisation or the insurer on whose behalf."""

    user_id: int | None = None
    organisation_id: int | None = None
    insurer_id: int | None = None


NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    """Return the scope of the work at hand."""
    return _current.get()


@contextmanager
def activate(scope: Scope) -> Iterator[None]:
    """Do the work inside in one transaction (or savepoint) that sees only what scope allows."""
    before, is_within = _current.get(), connection.in_atomic_block
    with transaction.atomic():
        _apply(scope)
        token = _current.set(scope)
        try:
            yield
        finally:
            _current.reset(token)
        if is_within and not connection.needs_rollback:  # else it ends with the transaction
            _apply(before)


@contextmanager
def go_on_as(scope: Scope) -> Iterator[None]:
    """Do the rest of the transaction that is open in another scope.

    Without a savepoint: it stands or falls whole. What comes after the block sees what `scope` allows, until
    the scope around it ends.
    """
    _apply(scope)
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def organisation(organisation_id: int, *, user_id: int | None = None) -> AbstractContextManager[None]:
    """Activate the scope of one organisation: for commands, tasks and scheduled work."""
    return activate(Scope(user_id=user_id, organisation_id=organisation_id))


def _apply(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.user', %s, true), set_config('app.organisation', %s, true),"
            " set_config('app.insurer', %s, true)",
            [_text(scope.user_id), _text(scope.organisation_id), _text(scope.insurer_id)],
        )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
