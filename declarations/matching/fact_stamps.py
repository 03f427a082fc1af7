"""Of whom facts were written between two moments: so that a second look, which others wait for, is short."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.utils import timezone

from declarations.matching.facts import FACT_TABLES

# The facts of one client, by the column that names it; the other tables say something of everybody.
_OF_CLIENT: Final = {
    "care_client": "id",
    "care_careperiod": "client_id",
    "care_consent": "client_id",
    "care_objection": "client_id",
    "profiles_clientprofile": "client_id",
}
_SEEN: Final = "count(*), coalesce(sum(xmin::text::bigint), 0)"
_RULES: Final = " union all ".join(
    f"select '{table}' as name, {_SEEN} from {table}"  # noqa: S608 - names of ours
    for table in FACT_TABLES
    if table not in _OF_CLIENT
)
_CLIENTS: Final = " union all ".join(
    f"select {column} as client, {_SEEN} from {table} where {column} = any(%(ids)s) group by 1"  # noqa: S608
    for table, column in _OF_CLIENT.items()
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was written until a moment: `rules` of everybody, and per client what changes with every write.

    As in `facts.fingerprint`: a row's xmin is the transaction that wrote it.
    """

    rules: tuple[tuple[object, ...], ...]
    clients: Mapping[int, tuple[int, int]]

    def touched_since(self, before: "Stamp") -> set[int] | None:
        """Return the clients of whom something was written after `before`; None: it may be anybody."""
        if self.rules != before.rules or self.clients.keys() != before.clients.keys():
            return None
        return {client for client, seen in self.clients.items() if seen != before.clients[client]}


def stamp_of(clients: list[int]) -> Stamp:
    """Return what was written until now of these clients (ids) and of everybody, and which day it is."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_RULES} order by name")
        rules = ((timezone.localdate(),), *cursor.fetchall())
        cursor.execute(
            f"select client, sum(count), sum(coalesce) from ({_CLIENTS}) seen group by client",  # noqa: S608
            {"ids": clients},
        )
        return Stamp(
            rules, {client: (int(count), int(written)) for client, count, written in cursor.fetchall()}
        )
