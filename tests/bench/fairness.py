"""What a file of 50 persons waits behind another organisation's 50,000: to be attached, and to be made.

The persons of both files are unknown: what is measured is the waiting, not the deciding. It is held against
what the large file takes in the same run: behind it a small one would wait all of that.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import date

from declarations.aw319 import sample_files
from tests.bench.figures import Figure
from tests.bench.installation import installation, workers
from tests.bench.processes import manage

LARGE, SMALL = ("42999088", 50_000), ("42999099", 50)
MOST_SHARE, GLANCE = 25.0, 0.05  # percents of the time of the large file
SMALL_FILES = 8


def measure() -> Iterator[Figure]:
    """Yield the time from a small file's commit to its last person, alone and beside a large file."""
    with installation() as folder:
        for agb, _ in (LARGE, SMALL):
            manage("add_organisation", agb, f"Meting {agb}", "--team", "Noord")
        with workers(folder):
            yield from _waits()


def _waits() -> Iterator[Figure]:
    import django

    django.setup()
    _seconds_until_done(_take_in(SMALL, "WARM"))
    alone = _seconds_until_done(_take_in(SMALL, "ALLEEN"))
    large = _take_in(LARGE, "GROOT")
    while _queued(large) == LARGE[1]:
        time.sleep(GLANCE)
    behind: list[float] = []
    began = time.perf_counter()
    while _queued(large):
        behind.append(_seconds_until_done(_take_in(SMALL, f"ERNA{len(behind)}")))
    took, delay = time.perf_counter() - began, max(max(behind) - alone, 0.0)
    yield Figure("50 persons, nothing else to do", alone, "s")
    yield Figure("files of 50 while another's 50,000 were worked on", len(behind), "", least=1)
    yield Figure("the longest that one of them took", max(behind), "s")
    yield Figure("attaching the 50,000", took, "s")
    yield Figure("the longest delay, of what the 50,000 took", 100 * delay / took, "%", most=MOST_SHARE)
    yield from _makings(large)


def _makings(large: tuple[int, int]) -> Iterator[Figure]:
    """Yield what the making of a small file takes, alone and while the large one is made."""
    alone = _seconds_until_made(_worked_off("LOS"))
    others = [_worked_off(f"NAAST{number}") for number in range(SMALL_FILES)]
    began = time.perf_counter()
    job = _ask(large)
    beside = []
    while _is_open(large[0], job) and others:
        beside.append(_seconds_until_made(others.pop()))
    while _is_open(large[0], job):
        time.sleep(GLANCE)
    took, delay = time.perf_counter() - began, max(max(beside) - alone, 0.0)
    yield Figure("making a file of 50, nothing else to do", alone, "s")
    yield Figure("making the file of 50,000", took, "s")
    yield Figure("files of 50 made meanwhile", len(beside), "", least=1)
    yield Figure("the longest that one of them took to be made", max(beside), "s")
    yield Figure("the longest delay, of what the 50,000 took", 100 * delay / took, "%", most=MOST_SHARE)


def _worked_off(number: str) -> tuple[int, int]:
    file = _take_in(SMALL, number)
    _seconds_until_done(file)
    return file


def _ask(file: tuple[int, int]) -> int:
    from care.tenancy import scope
    from declarations.delivery.job_requests import ask
    from declarations.schema.models import DeclarationFile

    with scope.organisation(file[0]):
        job = ask(file=DeclarationFile.objects.get(pk=file[1]))
    assert job is not None
    return job.pk


def _is_open(organisation_id: int, job: int) -> bool:
    from care.tenancy import scope
    from declarations.schema.delivery_constants import OPEN_JOBS
    from declarations.schema.delivery_models import ExportJob

    with scope.organisation(organisation_id):
        return ExportJob.objects.filter(pk=job, state__in=OPEN_JOBS).exists()


def _seconds_until_made(file: tuple[int, int]) -> float:
    start = time.perf_counter()
    job = _ask(file)
    while _is_open(file[0], job):
        time.sleep(GLANCE)
    return time.perf_counter() - start


def _take_in(size: tuple[str, int], number: str) -> tuple[int, int]:
    """Import a file; return organisation and file, at the moment of its commit."""
    from care.schema.models import Organisation
    from care.tenancy import scope
    from declarations.intake import services

    agb, persons = size
    organisation = Organisation.objects.get(agb=agb)
    spec = sample_files.FileSpec(agb, "9991", number, date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 2))
    with tempfile.TemporaryFile() as source:
        source.writelines(
            sample_files.build(spec, sample_files.population(spec, sample_files.Population(persons)))
        )
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
    from care.tenancy import scope
    from declarations.schema.models import Attachment

    organisation_id, file_id = file
    with scope.organisation(organisation_id):
        return Attachment.objects.filter(file=file_id, state="queued").count()
