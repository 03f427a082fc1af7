"""Deriving: the whole grid of answers through the command, and one derivation alone."""

import os
import tempfile
import timeit
from collections.abc import Iterator
from itertools import chain, combinations, product
from pathlib import Path

from profiles.engine import DKDL_2_0, derive
from tests.bench.figures import Figure
from tests.bench.processes import manage

STATES = 1_492_992
HEADER = "id;" + ";".join(f"Q{number}" for number in range(1, 14)) + "\n"
MOST_SECONDS, MOST_MICROSECONDS, MOST_MEMORY = 10.0, 10.0, 300.0
TIMES = 20_000
FULL = {f"Q{number}": ("1",) for number in range(1, 12)} | {"Q12": ("2",), "Q13": ("sonde", "injecties")}


def measure() -> Iterator[Figure]:
    """Yield the time of all answer states through the command, and of one derivation."""
    with tempfile.TemporaryDirectory(prefix="draagvlak-bench-") as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        _write_grid(source)
        os.environ.setdefault("DRAAGVLAK_VAR", folder)
        run = manage("derive_profiles", str(source), str(target))
        with target.open(encoding="utf-8") as lines:
            rows = sum(1 for _line in lines) - 1
    assert rows == STATES
    yield Figure(f"{STATES:,} answer states through derive_profiles", run.seconds, "s", most=MOST_SECONDS)
    yield Figure("derive_profiles, memory", run.peak, "MB", most=MOST_MEMORY)
    seconds = min(timeit.repeat(lambda: derive(FULL), number=TIMES, repeat=5)) / TIMES
    yield Figure("one derivation", seconds * 1e6, "µs", most=MOST_MICROSECONDS)


def _write_grid(path: Path) -> None:
    questions = [[options[0] for options in DKDL_2_0.choices[f"Q{number}"]] for number in range(4, 12)]
    actions = DKDL_2_0.technical.options
    chosen = chain.from_iterable(combinations(actions, count) for count in range(1, len(actions) + 1))
    ends = ["1;", *("2;" + "|".join(some) for some in chosen)]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number, (answers, end) in enumerate(product(product(*questions), ends), 1):
            file.write(f"{number};1;1;1;{';'.join(answers)};{end}\n")
