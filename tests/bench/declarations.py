"""A month of 50,000 insured persons: read in, attached by two workers through the queue, made."""

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from statistics import mean

from tests.bench.figures import Figure
from tests.bench.installation import AGB, fill, installation, number_of, queued, until, workers, write_file
from tests.bench.processes import Run, family_peak, manage, watched_database
from tests.bench.yardsticks import plain_month

PERSONS = 50_000
RECORDS = 255_000
#: Times what plain tables of the same rows take in the same run.
MOST_TIMES, MOST_MEMORY = 15.0, 300.0
ATTACHED = "select count(*) from declarations_attachment where state = 'attached'"


def measure() -> Iterator[Figure]:
    """Yield the time of each step and of all, and the most memory that any process had."""
    with installation() as folder:
        write_file(folder / "file.txt", "METING", PERSONS)
        fill(folder, PERSONS)
        before = plain_month(folder / "file.txt", folder / "plain.txt")
        with workers(folder) as worker, watched_database() as database:
            took = yield from _whole_way(folder, worker.pid)
        plain = mean([before, plain_month(folder / "file.txt", folder / "plain.txt")])
        yield Figure("the same rows in and out of plain tables", plain, "s")
        yield Figure("the whole way, times plain tables", took / plain, "x", most=MOST_TIMES)
        yield Figure("memory of the largest process of the database", database.peak, "MB", most=MOST_MEMORY)


def _whole_way(folder: Path, worker: int) -> Generator[Figure, None, float]:
    """Yield the time of each step, and return that of all."""
    start = time.perf_counter()
    read_in = manage("import_declarations", str(folder / "file.txt"), "--organisation", AGB)
    committed = time.perf_counter()
    until(lambda: not queued())
    attached = time.perf_counter()
    assert number_of(ATTACHED) == PERSONS
    make = manage("export_declarations", read_in.out.split()[-1], str(folder / "out.txt"))
    total = time.perf_counter() - start
    yield from _of_step("import_declarations", read_in)
    yield Figure("attaching by two workers, time", attached - committed, "s")
    yield Figure("the largest worker process, memory", family_peak(worker), "MB", most=MOST_MEMORY)
    yield from _of_step("export_declarations", make)
    yield Figure(f"import + check + attach + export of {RECORDS:,} records", total, "s")
    return total


def _of_step(name: str, run: Run) -> Iterator[Figure]:
    yield Figure(f"{name}, time", run.seconds, "s")
    yield Figure(f"{name}, time of one processor", run.processor, "s")
    yield Figure(f"{name}, memory", run.peak, "MB", most=MOST_MEMORY)
