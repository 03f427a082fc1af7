"""A thousand random orders of making, objecting, withdrawing, handing over and fetching, to the end.

`python -m tests.bench handover [--runs N] [--seed FIRST]`. What is wrong is told on stderr with its seed.
"""

import argparse
import sys
import time
from collections.abc import Iterator

from config import prepare
from tests.bench.figures import Figure
from tests.bench.installation import installation

RUNS = 1_000


def measure() -> Iterator[Figure]:
    """Yield in how many orders somebody had what was blocked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_known_args()[0]
    with installation():
        import django

        django.setup()
        prepare.tables()
        start = time.perf_counter()
        wrong = _wrong(range(wanted.seed, wanted.seed + wanted.runs))
        yield Figure(f"{wanted.runs:,} random orders up to the release", time.perf_counter() - start, "s")
        yield Figure("orders in which what was blocked was had, or something lost", wrong, "", most=0)


def _wrong(seeds: range) -> int:
    from django.db import transaction

    from tests.actors import house
    from tests.declarations.delivery.interleaving import PERSONS, interleaved
    from tests.declarations.office import opened

    office = opened(house("Meting"))
    clients = [office.client(number) for number in range(PERSONS)]
    count = 0
    for seed in seeds:
        with transaction.atomic():
            found = interleaved(office, clients, seed)
            transaction.set_rollback(True)
        count += bool(found)
        for line in found:
            sys.stderr.write(f"seed {seed}: {line}\n")
    return count
