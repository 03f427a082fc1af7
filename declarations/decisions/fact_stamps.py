"""Of whom facts were written between two moments: so that a look after the first is short.

Clients are counted in buckets, by their id: what a moment looked like is a few kilobytes however many there
are, and says of each bucket whether anything of its clients was written, changed or removed since.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from django.db import connection

from care.schema.facts import fact_tables

BUCKETS: Final = 1_024
WIDTH: Final = 8  # bytes that stand for a bucket


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was written until a moment in the organisation in scope: `rules` of everybody, and per bucket.

    As in `facts.fingerprint`: a row's xmin is the transaction that wrote it.
    """

    rules: bytes
    buckets: bytes

    def touched_since(self, before: "Stamp") -> set[int] | None:
        """Return the buckets in which something was written after `before`; None: it may be of anybody."""
        if self.rules != before.rules or len(self.buckets) != len(before.buckets):
            return None
        pairs = enumerate(zip(_pieces(self.buckets), _pieces(before.buckets), strict=True))
        return {number for number, (now, then) in pairs if now != then}


@cache
def _looks() -> tuple[str, str]:
    """Return the queries for what was written of everybody, and of each bucket of clients."""
    tables = fact_tables()
    rules = " union all ".join(
        f"select '{table}' as name, count(*), coalesce(sum(xmin::text::bigint), 0) from {table}"  # noqa: S608
        for table, column in tables.items()
        if not column
    )
    clients = " union all ".join(
        f"select {column} %% {BUCKETS} as bucket, xmin::text::bigint as written from {table}"  # noqa: S608
        for table, column in tables.items()
        if column
    )
    return (
        f"{rules} order by name",
        f"select bucket, count(*), sum(written) from ({clients}) seen group by bucket",  # noqa: S608
    )


def _pieces(buckets: bytes) -> Iterator[bytes]:
    return (buckets[at : at + WIDTH] for at in range(0, len(buckets), WIDTH))


def stamp_now(today: date) -> Stamp:
    """Return what was written until now; `today`: the day of the look that begins."""
    of_everybody, of_clients = _looks()
    with connection.cursor() as cursor:
        cursor.execute(of_everybody)
        rules = _mark(today, *cursor.fetchall())
        cursor.execute(of_clients, [])
        buckets = bytearray(BUCKETS * WIDTH)
        for bucket, count, written in cursor.fetchall():
            buckets[bucket * WIDTH : (bucket + 1) * WIDTH] = _mark(count, written)
    return Stamp(rules, bytes(buckets))


def _mark(*what: object) -> bytes:
    return hashlib.blake2b(" ".join(map(str, what)).encode(), digest_size=WIDTH).digest()
