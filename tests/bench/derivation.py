"""Deriving beside a plain decision tree that reads the same answers: all of them by command, and one alone.

Each is measured as time of one processor in the same run, the two in turns where they are short.
"""

import csv
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain, combinations, product
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.processes import manage
from tests.profiles.dkdl import DKDL_2_0, derive
from tests.profiles.oracle import expected

STATES = 1_492_992
HEADER = "id;" + ";".join(f"Q{number}" for number in range(1, 14)) + "\n"
MOST_TIMES_A_FILE, MOST_TIMES_A_TREE, MOST_MEMORY = 1.5, 8.0, 300.0
TIMES, ROUNDS = 5_000, 15
FULL = {f"Q{number}": ("1",) for number in range(1, 12)} | {"Q12": ("2",), "Q13": ("sonde", "injecties")}


def measure() -> Iterator[Figure]:
    """Yield how many times a plain tree costs, for all answer states through the command and for one."""
    with tempfile.TemporaryDirectory(prefix="draagvlak-bench-") as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        _write_grid(source)
        os.environ.setdefault("DRAAGVLAK_VAR", folder)
        run = manage("derive_profiles", str(source), str(target))
        plain = _plain(source, Path(folder) / "plain.csv")
        with target.open(encoding="utf-8") as lines:
            rows = sum(1 for _line in lines) - 1
    assert rows == STATES
    yield Figure(f"{STATES:,} answer states through derive_profiles", run.processor, "s")
    yield Figure("times a plain reader, tree and writer", run.processor / plain, "x", most=MOST_TIMES_A_FILE)
    yield Figure("derive_profiles, memory", run.peak, "MB", most=MOST_MEMORY)
    yield from _one()


def _one() -> Iterator[Figure]:
    answers = tuple(FULL[f"Q{number}"][0] for number in range(4, 12))
    turns = [
        (_taken(lambda: derive(FULL)), _taken(lambda: expected(answers, FULL["Q13"]))) for _ in range(ROUNDS)
    ]
    ours, plain = (median(turn[which] for turn in turns) / TIMES for which in (0, 1))
    yield Figure("one derivation", ours * 1e6, "µs")
    yield Figure("one derivation, times a plain tree", ours / plain, "x", most=MOST_TIMES_A_TREE)


def _taken(work: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(TIMES):
        work()
    return time.process_time() - start


def _plain(source: Path, target: Path) -> float:
    """Return the time of one processor that the same takes with nothing checked, explained or refused."""
    start = time.process_time()
    with source.open(encoding="utf-8") as read, target.open("w", encoding="utf-8") as write:
        rows, out = csv.reader(read, delimiter=";"), csv.writer(write, delimiter=";")
        next(rows)
        for row in rows:
            out.writerow([row[0], *expected(tuple(row[4:12]), tuple(filter(None, row[13].split("|"))))])
    return time.process_time() - start


def _write_grid(path: Path) -> None:
    questions = [[options[0] for options in DKDL_2_0.choices[f"Q{number}"]] for number in range(4, 12)]
    actions = DKDL_2_0.further[0].options
    chosen = chain.from_iterable(combinations(actions, count) for count in range(1, len(actions) + 1))
    ends = ["1;", *("2;" + "|".join(some) for some in chosen)]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number, (answers, end) in enumerate(product(product(*questions), ends), 1):
            file.write(f"{number};1;1;1;{';'.join(answers)};{end}\n")
