"""A look at a made file that waits for its release: at everybody, and after one client was written of.

`python -m tests.bench looks [--persons N]`. Judged by the ratio of the two, in one run.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.bench.installation import fill, installation, write_file

if TYPE_CHECKING:
    from declarations.schema.models import DeclarationFile

PERSONS = 50_000
TIMES = 5
MOST = 0.1  # of a look at everybody


def measure() -> Iterator[Figure]:
    """Yield how long each look lasts, the median of several."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=PERSONS)
    persons = parser.parse_known_args()[0].persons
    with installation() as folder:
        import django

        fill(folder, persons)
        django.setup()
        file = _made(folder, persons)
        whole = _timed(lambda: _look(file, is_first=True))
        one = _timed(lambda: _look(file))
        yield Figure(f"a look at all of {persons:,} persons", whole, "s")
        yield Figure("a look after one client was written of", one, "s")
        yield Figure("that is, of a look at all", one / whole, "x", most=MOST)


def _made(folder: Path, persons: int) -> "DeclarationFile":
    from care.schema.models import Organisation
    from care.tenancy import scope
    from declarations.delivery import exporting
    from declarations.intake import services as intake_services
    from declarations.matching import services
    from declarations.schema.models import DeclarationFile
    from tests.bench.rows import organisation_id

    whose = organisation_id()
    path = folder / "file.txt"
    write_file(path, "BLIK", persons)
    with scope.organisation(whose), path.open("rb") as source:
        file = intake_services.import_file(organisation=Organisation.objects.get(pk=whose), source=source)
    services.attach_profiles(organisation_id=whose, file_id=file.pk)
    with scope.organisation(whose):
        exporting.export_file(file=file)
        return DeclarationFile.objects.get(pk=file.pk)


def _timed(work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(TIMES))


def _look(file: "DeclarationFile", *, is_first: bool = False) -> float:
    """Write something of one client that changes nothing for the file, and return how long the look lasts."""
    from care.schema.models import Client
    from care.tenancy import scope
    from declarations.handover import services as handover
    from declarations.schema.delivery_models import LastLook
    from declarations.schema.models import DeclarationFile

    with scope.organisation(file.organisation_id):
        if is_first:
            LastLook.objects.all().delete()
        client = Client.objects.order_by("id")[7]
        Client.objects.filter(pk=client.pk).update(date_of_birth=client.date_of_birth)
    with scope.organisation(file.organisation_id):
        row = DeclarationFile.objects.get(pk=file.pk)
        start = time.perf_counter()
        handover.examine(row)
        return time.perf_counter() - start
