"""What a file of 50 persons waits behind another organisation's file of 50,000, with two workers.

The persons of both files are unknown: what is measured is the waiting, not the deciding.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import date

from declarations.aw319 import synth
from tests.bench.figures import Figure
from tests.bench.installation import installation, workers
from tests.bench.processes import manage

LARGE, SMALL = ("42999088", 50_000), ("42999099", 50)
MOST_SECONDS, GLANCE = 5.0, 0.05


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
