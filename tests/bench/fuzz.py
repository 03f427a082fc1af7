"""Spoiled files, a hundred thousand: `python -m tests.bench fuzz [--files N] [--seed FIRST]`.

Each is checked; what is accepted is written and compared. One in so many goes all the way through the
database as well, and so does a number of correct files. What is wrong is told on stderr with its seed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from tests.bench.figures import Figure
from tests.bench.installation import AGB, CLIENTS, UZOVI, installation
from tests.bench.processes import manage
from tests.declarations.fictional import BSNS
from tests.declarations.generated import PERSONS, generated
from tests.declarations.mutations import Mutated, mutated
from tests.declarations.robustness import broken_promises

FILES, PER_SHARD, PROCESSES = 100_000, 2_000, 2
ONE_IN, CORRECT = 200, 1_000
SHORT, UNKNOWN = "1;2;;;;;;;;;;", "1;3;;;;;;;;;;"
# Days and answers of the persons of generated files; the third and the last of them have no profile.
ANAMNESES = (
    (0, "2023-12-01", UNKNOWN),
    (1, "2023-12-01", UNKNOWN),
    (1, "2024-01-12", "1;1;1;1;1;1;2;1;1;1;1;"),
    (3, "2024-01-04", SHORT),
    (4, "2023-11-01", UNKNOWN),
)


def measure() -> Iterator[Figure]:
    """Yield how many files were spoiled in which way, and how many of them broke a promise."""
    wanted = _arguments()
    start = time.perf_counter()
    seeds = range(wanted.seed, wanted.seed + wanted.files)
    tally = _checked(seeds)
    yield Figure(
        f"{wanted.files:,} spoiled files checked in {PROCESSES} processes", time.perf_counter() - start, "s"
    )
    yield Figure("spoiled files that crashed or broke a promise", tally.pop("broken", 0), "", most=0)
    for kind, count in sorted(tally.items()):
        yield Figure(kind, count, "")
    with installation() as folder:
        _fill(folder)
        yield from _through_the_database(seeds[:: max(1, ONE_IN)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_known_args()[0]


def _spoiled(seed: int, **about: str) -> Mutated:
    return mutated(generated(seed, **about), Random(seed))  # noqa: S311 - repeatable, not secret


def _checked(seeds: range) -> Counter[str]:
    shards = [seeds[at : at + PER_SHARD] for at in range(0, len(seeds), PER_SHARD)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        return sum(pool.map(_check_shard, shards), Counter[str]())


def _check_shard(seeds: range) -> Counter[str]:
    tally = Counter[str]()
    for seed in seeds:
        spoiled = _spoiled(seed)
        tally[spoiled.kind.removesuffix(" and more").replace("_", " ")] += 1
        tally["broken"] += not _holds(seed, lambda one=spoiled: broken_promises(one))  # type: ignore[misc]
    return tally


def _holds(seed: int, look: Callable[[], Iterator[str]]) -> bool:
    """Tell whether nothing is wrong; a crash of any kind is."""
    try:
        wrong = list(look())
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
        wrong = [repr(fault)]
    if wrong:
        sys.stderr.write(f"seed {seed}: {'; '.join(wrong)}\n")
    return not wrong


def _fill(folder: Path) -> None:
    """Make an organisation that knows most persons of generated files."""
    manage("add_organisation", AGB, "Meting", "--team", "Noord")
    manage("add_insurer", UZOVI, "Verzekeraar")
    basis = ("--organisation", AGB, "--uzovi", UZOVI, "--reference", "Meting", "--from", "2013-01-01")
    manage("add_legal_basis", *basis)
    clients = [f"{bsn};A.;;Meting;1940-05-17;2;{UZOVI};;Noord;2020-01-01;\n" for bsn in BSNS[: PERSONS - 1]]
    anamneses = [f"{BSNS[number]};{day};;{answers}\n" for number, day, answers in ANAMNESES]
    header = "bsn;datum;" + ";".join(f"Q{number}" for number in range(1, 14)) + "\n"
    for name, lines in (("clients", [CLIENTS, *clients]), ("anamneses", [header, *anamneses])):
        (folder / f"{name}.csv").write_text("".join(lines), encoding="utf-8")
        manage(f"import_{name}", str(folder / f"{name}.csv"), "--organisation", AGB)


def _through_the_database(seeds: range) -> Iterator[Figure]:
    import django

    django.setup()
    from care.schema.models import Organisation
    from tests.declarations.passing import broken_on_the_way

    whose = Organisation.objects.get(agb=AGB)

    def passes(seed: int, content: bytes) -> bool:
        return _holds(seed, lambda: broken_on_the_way(whose, content))

    correct = [not passes(seed, generated(seed, number=f"C{seed}", agb=AGB)) for seed in range(CORRECT)]
    yield Figure(f"of {CORRECT:,} correct files, not as before plus zero records", sum(correct), "", most=0)
    bad = [not passes(seed, _spoiled(seed, number=f"S{seed}", agb=AGB).content) for seed in seeds]
    yield Figure(f"of {len(bad):,} spoiled files, imported in part or changed", sum(bad), "", most=0)
