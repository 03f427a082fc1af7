"""What a file of 50 persons waits behind another organisation's file of 50,000, with two workers.

The persons of both files are unknown: what is measured is the waiting, not the deciding.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from config import environment, servers
from declarations.aw319 import synth
from tests.bench.figures import Figure
from tests.bench.processes import manage

LARGE, SMALL = ("42999088", 50_000), ("42999099", 50)
MOST_SECONDS, GLANCE = 5.0, 0.05
WORKER = ("worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")


def measure() -> Iterator[Figure]:
    """Yield the time from a small file's commit to its last person, alone and beside a large file."""
    folder = Path(tempfile.mkdtemp(prefix="draagvlak-bench-"))
    folder.chmod(0o755)
    os.environ |= {"DRAAGVLAK_VAR": str(folder / "var"), "DRAAGVLAK_DEMO": "0", "DRAAGVLAK_LOG": "WARNING"}
    try:
        servers.start()
        for agb, _ in (LARGE, SMALL):
            manage("add_organisation", agb, f"Meting {agb}", "--team", "Noord")
        with _workers(folder):
            yield from _waits()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _workers(folder: Path) -> Iterator[None]:
    """Two workers and the schedule, whose round works on the large file as well."""
    celery = [sys.executable, "-m", "celery", "--app", "config.celery:app", "--quiet"]
    beat = ("beat", "--loglevel", "WARNING", "--schedule", str(folder / "scheduler"), "--pidfile", "")
    processes = [subprocess.Popen([*celery, *rest], cwd=environment.ROOT) for rest in (WORKER, beat)]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _waits() -> Iterator[Figure]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _seconds_until_done(_take_in(SMALL, "WARM"))
    alone = _seconds_until_done(_take_in(SMALL, "ALLEEN"))
    large = _take_in(LARGE, "GROOT")
    while _queued(large) == LARGE[1]:
        time.sleep(GLANCE)
    behind: list[float] = []
    while _queued(large):
        behind.append(_seconds_until_done(_take_in(SMALL, f"ERNA{len(behind)}")))
    yield Figure("50 persons, nothing else to do", alone, "s")
    yield Figure("files of 50 while another's 50,000 were worked on", len(behind), "", least=1)
    yield Figure("the longest that one of them took", max(behind), "s")
    yield Figure("delay", max(max(behind) - alone, 0.0), "s", most=MOST_SECONDS)


def _take_in(size: tuple[str, int], number: str) -> tuple[int, int]:
    """Import a file; return organisation and file, at the moment of its commit."""
    from care import scope
    from care.models import Organisation
    from declarations import services

    agb, persons = size
    organisation = Organisation.objects.get(agb=agb)
    spec = synth.FileSpec(agb, "9991", number, date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 2))
    with tempfile.TemporaryFile() as source:
        source.writelines(synth.build(spec, synth.population(spec, synth.Population(persons))))
        source.seek(0)
        with scope.organisation(organisation.pk):
            file = services.import_file(organisation=organisation, source=source)
    return organisation.pk, file.pk


def _seconds_until_done(file: tuple[int, int]) -> float:
    start = time.perf_counter()
    while _queued(file):
        time.sleep(GLANCE)
    return time.perf_counter() - start


def _queued(file: tuple[int, int]) -> int:
    from care import scope
    from declarations.models import Attachment

    organisation_id, file_id = file
    with scope.organisation(organisation_id):
        return Attachment.objects.filter(file=file_id, state="queued").count()
