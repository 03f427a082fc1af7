"""A month of 50,000 insured persons: read in, attach, make; and the message package beside a plain one."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from config import servers
from declarations import aw319
from declarations.aw319 import synth
from tests.bench.figures import Figure
from tests.bench.processes import Run, manage, watched_database
from tests.bench_baseline import aw319_plain

AGB, UZOVI = "42999088", "9991"
PERSONS = 50_000
RECORDS = 255_000
MOST_SECONDS, MOST_MEMORY, LEAST_RATIO = 90.0, 300.0, 5.0
SPEC = synth.FileSpec(AGB, UZOVI, "METING", date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 2))
SMALL = synth.Population(4_000)
CLIENTS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot\n"
)
ANAMNESES = "bsn;datum;" + ";".join(f"Q{number}" for number in range(1, 14)) + "\n"
TODAY = date(2024, 3, 1)


def measure() -> Iterator[Figure]:
    """Yield the figures of the whole way first, then those of the message package alone."""
    folder = Path(tempfile.mkdtemp(prefix="draagvlak-bench-"))
    folder.chmod(0o755)
    os.environ |= {"DRAAGVLAK_VAR": str(folder / "var"), "DRAAGVLAK_DEMO": "0", "DRAAGVLAK_LOG": "WARNING"}
    try:
        servers.start()
        yield from _whole_way(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    yield from _message_package()


def _whole_way(folder: Path) -> Iterator[Figure]:
    _fill(folder)
    with watched_database() as database:
        read_in = manage("import_declarations", str(folder / "file.txt"), "--organisation", AGB)
        file_id = read_in.out.split()[-1]
        attach = manage("attach_profiles", file_id)
        make = manage("export_declarations", file_id, str(folder / "out.txt"))
    assert attach.out.startswith(f"{PERSONS} toegevoegd, 0 aangehouden"), attach.out
    steps = {"import_declarations": read_in, "attach_profiles": attach, "export_declarations": make}
    for name, run in steps.items():
        yield from _of_step(name, run)
    total = sum(run.seconds for run in steps.values())
    yield Figure(f"import + attach + export of {RECORDS:,} records", total, "s", most=MOST_SECONDS)
    yield Figure("memory of the largest process of the database", database.peak, "MB", most=MOST_MEMORY)


def _of_step(name: str, run: Run) -> Iterator[Figure]:
    yield Figure(f"{name}, time", run.seconds, "s")
    yield Figure(f"{name}, time of one processor", run.processor, "s")
    yield Figure(f"{name}, memory", run.peak, "MB", most=MOST_MEMORY)


def _fill(folder: Path) -> None:
    """Write the file, its clients and their anamneses, and import the latter two."""
    _write(folder)
    manage("add_organisation", AGB, "Meting", "--team", "Noord")
    manage("add_insurer", UZOVI, "Verzekeraar")
    basis = ("--organisation", AGB, "--uzovi", UZOVI, "--reference", "Meting", "--from", "2020-01-01")
    manage("add_legal_basis", *basis)
    manage("import_clients", str(folder / "clients.csv"), "--organisation", AGB)
    manage("import_anamneses", str(folder / "anamneses.csv"), "--organisation", AGB)


def _write(folder: Path) -> None:
    with (
        (folder / "file.txt").open("wb") as file,
        (folder / "clients.csv").open("w", encoding="utf-8") as clients,
        (folder / "anamneses.csv").open("w", encoding="utf-8") as anamneses,
    ):
        clients.write(CLIENTS)
        anamneses.write(ANAMNESES)
        for chunk in synth.build(SPEC, _noted(clients.write, anamneses.write)):
            file.write(chunk)


def _noted(
    add_client: Callable[[str], object], add_anamnese: Callable[[str], object]
) -> Iterator[synth.Insured]:
    for number, one in enumerate(synth.population(SPEC, synth.Population(PERSONS))):
        add_client(f"{one.bsn};A.;;Meting;{one.date_of_birth};{one.sex};{UZOVI};;Noord;2020-01-01;\n")
        answers = f"{1 + number % 3};1;1;1;{1 + number % 2};1;{1 + number % 3};1;1;"
        add_anamnese(f"{one.bsn};2023-12-01;;1;1;{answers}\n")
        yield one


def _message_package() -> Iterator[Figure]:
    """Compare on one file in one run: reading with all rules against reading without any, and writing."""
    content = b"".join(synth.build(SPEC, synth.population(SPEC, SMALL)))
    report = aw319.check(iter([content]), today=TODAY)
    assert report.facts is not None
    insertions = [_insertion(person) for person in report.facts.persons]
    ours, plain = _best(lambda: _read(content)), _best(lambda: aw319_plain.read_plain(content))
    yield Figure("reader: times as fast as a plain one", plain / ours, "x", least=LEAST_RATIO)
    yield Figure("reader: records a second", report.lines / ours, "")
    ours = _best(lambda: _written(content, insertions))
    plain = _best(lambda: aw319_plain.insert_plain(content, insertions))
    yield Figure("writer: times as fast as a plain one", plain / ours, "x", least=LEAST_RATIO)
    yield Figure("writer: records a second", report.lines / ours, "")


def _insertion(person: aw319.Person) -> aw319.Insertion:
    reference = aw319.profile_reference(agb=AGB, file="METING", person=str(person.first_line), number=1)
    days = (SPEC.period_first, SPEC.period_last)
    fields = aw319.ProfileRecordFields(*days, "990", "DK01", "00", person.performer or AGB, reference)
    return aw319.Insertion(person.placement_line, fields)


def _read(content: bytes) -> int:
    report = aw319.check(iter([content]), today=TODAY)
    assert report.facts is not None
    return sum(len(person.performances) for person in report.facts.persons)


def _written(content: bytes, insertions: list[aw319.Insertion]) -> int:
    lines = aw319.read(iter([content]))
    return sum(len(chunk) for chunk in aw319.write_with_profiles(lines, insertions))


def _best(work: Callable[[], object], *, times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)
