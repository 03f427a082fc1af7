"""A throw-away installation to measure with, the people in it, and the workers of the product."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import LiteralString

import psycopg

from config import environment, servers
from config.embedded import paths
from declarations.aw319 import sample_files
from tests.bench.processes import manage

AGB, UZOVI = "42999088", "9991"
CLIENTS_FILE, ANAMNESES_FILE = "clients.csv", "anamneses.csv"
MONTH = (date(2024, 1, 1), date(2024, 1, 31))
CLIENTS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot\n"
)
ANAMNESES = "bsn;datum;" + ";".join(f"Q{number}" for number in range(1, 14)) + "\n"
WORKER = ("worker", "--concurrency", "3", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")
PATIENCE = 60.0


@contextmanager
def installation() -> Iterator[Path]:
    """Start servers of their own in a folder, and name them to this process and those that it starts."""
    folder = Path(tempfile.mkdtemp(prefix="draagvlak-bench-"))
    folder.chmod(0o755)
    os.environ |= {"DRAAGVLAK_VAR": str(folder / "var"), "DRAAGVLAK_DEMO": "0", "DRAAGVLAK_LOG": "WARNING"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        servers.start()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def spec(invoice_number: str, uzovi: str = UZOVI) -> sample_files.FileSpec:
    """Return the header of a month's file."""
    return sample_files.FileSpec(AGB, uzovi, invoice_number, *MONTH, invoice_date=date(2024, 2, 2))


def write_file(path: Path, invoice_number: str, persons: int) -> None:
    """Write a file with so many persons, of whom every tenth has a comment and all have four performances."""
    header = spec(invoice_number)
    with path.open("wb") as file:
        file.writelines(
            sample_files.build(header, sample_files.population(header, sample_files.Population(persons)))
        )


def fill(folder: Path, persons: int, *, insurers: tuple[str, ...] = (UZOVI,)) -> None:
    """Make an organisation with the first so many persons of such files as clients, each with a profile."""
    write_people(folder, sample_files.population(spec("METING"), sample_files.Population(persons)))
    manage("add_organisation", AGB, "Meting", "--team", "Noord")
    for uzovi in insurers:
        manage("add_insurer", uzovi, f"Verzekeraar {uzovi}")
        basis = ("--organisation", AGB, "--uzovi", uzovi, "--reference", "Meting", "--from", "2020-01-01")
        manage("add_legal_basis", *basis)
    manage("import_clients", str(folder / CLIENTS_FILE), "--organisation", AGB)
    manage("import_anamneses", str(folder / ANAMNESES_FILE), "--organisation", AGB)


def write_people(folder: Path, people: Iterable[sample_files.SampleInsured]) -> None:
    """Write the two files by which insured persons come in as clients, each with an anamnese."""
    with (
        (folder / CLIENTS_FILE).open("w", encoding="utf-8") as clients,
        (folder / ANAMNESES_FILE).open("w", encoding="utf-8") as anamneses,
    ):
        clients.write(CLIENTS)
        anamneses.write(ANAMNESES)
        for number, one in enumerate(people):
            clients.write(
                f"{one.bsn};A.;;Meting;{one.date_of_birth};{one.sex};{one.uzovi};;Noord;2020-01-01;\n"
            )
            answers = f"{1 + number % 3};1;1;1;{1 + number % 2};1;{1 + number % 3};1;1;"
            anamneses.write(f"{one.bsn};2023-12-01;;1;1;{answers}\n")


@contextmanager
def workers(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run two worker processes and the schedule, as the product does; give the process that rules the two."""
    celery = [sys.executable, "-m", "celery", "--app", "config.celery:app", "--quiet"]
    beat = ("beat", "--loglevel", "WARNING", "--schedule", str(folder / "scheduler"), "--pidfile", "")
    running = [subprocess.Popen([*celery, *rest], cwd=environment.ROOT) for rest in (WORKER, beat)]
    try:
        _await_answer()
        yield running[0]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _await_answer() -> None:
    from config.celery import app

    until(lambda: app.control.ping(timeout=0.5), within=PATIENCE)


def until(condition: Callable[[], object], *, within: float = 3_600.0, glance: float = 0.1) -> None:
    """Return as soon as something is so. Raises TimeoutError."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(within)
        time.sleep(glance)


def number_of(question: LiteralString, *values: object) -> int:
    """Ask the database of this installation for a number, as its owner, who sees all rows."""
    address = paths.postgres_url(environment.var_folder(), "draagvlak_owner")
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute(question, values).fetchone()
    return int(found[0]) if found else 0


def queued() -> int:
    """Return how many persons wait in the queue."""
    return number_of("select count(*) from declarations_attachment where state = 'queued'")
