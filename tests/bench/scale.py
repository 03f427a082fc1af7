"""Time per record from ten thousand to a million records: `python -m tests.bench scale [--most N]`.

Every size has a process of its own, that does what page and command do; two workers attach. Reading, checking
and writing are told as time of one processor, the rest by the clock: the database and the workers take part.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from config import environment
from declarations.aw319 import sample_files
from tests.bench.figures import Figure
from tests.bench.installation import AGB, fill, installation, number_of, until, workers, write_file
from tests.bench.processes import family_peak, own_peak
from tests.declarations.exactness import insertions
from tests.declarations.fictional import TODAY

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
# A person with four performances and now and then a comment.
RECORDS_PER_PERSON = 5.1
INSURERS = ("9991", "9990", "9992")
MOST_MEMORY, MOST_TIMES = 300.0, 1.5
MICRO, LONG_ENOUGH = 1e6, 1.0
QUEUED = "select count(*) from declarations_attachment where state = 'queued'"
ATTACHED = "select count(*) from declarations_attachment where state = 'attached'"
PURE = ("reading", "checking", "writing")


def measure() -> Iterator[Figure]:
    """Yield microseconds per record of each step at each size, and how far the largest is from the least."""
    sizes = [size for size in SIZES if size <= _arguments().most]
    found: dict[str, list[float]] = {}
    with installation() as folder:
        # There are fewer numbers than persons in the largest file: the same come again with the next insurer.
        different = sum(1 for _number in sample_files.fictional_bsns())
        fill(folder, min(different, round(sizes[-1] / RECORDS_PER_PERSON)), insurers=INSURERS)
        with workers(folder) as worker:
            for size in sizes:
                once = _of_size(folder, size)
                for name, seconds in once["seconds"].items():
                    found.setdefault(name, []).append(seconds / once["records"] * MICRO)
                    yield Figure(f"{once['records']:>9,} records, {name}", found[name][-1], "µs a record")
                yield Figure(f"{once['records']:>9,} records, memory", once["peak"], "MB", most=MOST_MEMORY)
            yield Figure("the largest worker, memory", family_peak(worker.pid), "MB", most=MOST_MEMORY)
    for name, each in found.items():
        limit = MOST_TIMES if name in PURE else None
        yield Figure(f"{name}: at most so many times the least", max(each) / min(each), "x", most=limit)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=SIZES[-1])
    return parser.parse_known_args()[0]


def _of_size(folder: Path, size: int) -> dict[str, Any]:
    persons = round(size / RECORDS_PER_PERSON)
    path = folder / "file.txt"
    write_file(path, f"M{size}", persons)
    alone, way = (_in_child(part, path) for part in PARTS)
    assert way["persons"] == persons
    return way | {"seconds": alone | way["seconds"]}


def _in_child(part: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.scale", part, str(path)]
    done = subprocess.run(command, cwd=environment.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _package(path: Path) -> dict[str, float]:
    """Read, check and write one file with the message package alone."""
    return dict(_pure(path))


def _way(path: Path) -> dict[str, Any]:
    """Take one file all the way, in this process and the workers."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    seconds: dict[str, float] = {}
    file, seconds["reading in"] = _clocked(lambda: _import(path))
    _, seconds["attaching"] = _clocked(lambda: until(lambda: not number_of(QUEUED), glance=0.02))
    attached = number_of(ATTACHED)
    _, seconds["making"] = _clocked(lambda: _export(file))
    return {"records": file.record_count, "persons": attached, "seconds": seconds, "peak": own_peak()}


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {"package": _package, "way": _way}


def _pure(path: Path) -> Iterator[tuple[str, float]]:
    from declarations import aw319

    yield (
        "reading",
        _processor(lambda: _from(path, lambda source: _drain(map(aw319.split, aw319.read(source))))),
    )
    reports: list[aw319.Report] = []
    yield "checking", _processor(lambda: reports.append(_from(path, lambda it: aw319.check(it, today=TODAY))))
    facts = reports[-1].facts
    assert facts is not None
    records = insertions(facts)
    yield (
        "writing",
        _processor(
            lambda: _from(path, lambda it: _drain(aw319.write_with_profiles(aw319.read(it), iter(records))))
        ),
    )


def _from(path: Path, work: Callable[[Any], Any]) -> Any:
    with path.open("rb") as source:
        return work(source)


def _drain(values: Iterator[object]) -> None:
    for _ in values:
        pass


def _processor(work: Callable[[], object]) -> float:
    """Return the least time of one processor: of a small file one time alone says nothing."""
    found: list[float] = []
    while sum(found) < LONG_ENOUGH:
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def _clocked(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _import(path: Path) -> Any:
    from care.schema.models import Organisation
    from care.tenancy import scope
    from declarations.intake import services

    organisation = Organisation.objects.get(agb=AGB)
    with path.open("rb") as source, scope.organisation(organisation.pk):
        return services.import_file(organisation=organisation, source=source)


def _export(file: Any) -> None:
    from care.tenancy import scope
    from declarations.delivery import exporting

    with scope.organisation(file.organisation_id):
        exporting.export_file(file=file)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(PARTS[sys.argv[1]](Path(sys.argv[2]))))
