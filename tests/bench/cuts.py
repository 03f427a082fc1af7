"""Random cuts, many of them: `python -m tests.bench cuts [--runs N] [--seed FIRST]`, sharded by seed."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config import environment
from tests.bench.figures import Figure
from tests.tally import Tally

DEFAULT_RUNS, PER_SHARD = 300, 25


def measure() -> Iterator[Figure]:
    """Yield what was lost, doubled or mixed, what was cut, and how long it took."""
    wanted = _arguments()
    start = time.perf_counter()
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) // 2 + 1)) as pool:
        tallies = list(pool.map(_shard, _shards(wanted.seed, wanted.runs)))
    minutes = (time.perf_counter() - start) / 60
    for finding in (each for tally in tallies for each in tally["findings"]):
        sys.stderr.write(f"{finding}\n\n")
    yield Figure("runs that were not done", wanted.runs - _sum(tallies, "runs"), "", most=0)
    for name in ("lost", "doubled", "mixed"):
        yield Figure(f"answers {name} in {wanted.runs} runs", _sum(tallies, name), "", most=0)
    cuts = sum((Counter(tally["cuts"]) for tally in tallies), Counter[str]())
    for kind, count in sorted(cuts.items()):
        yield Figure(f"cut: {kind}", count, "times")
    yield Figure("300 runs at this pace", minutes * 300 / wanted.runs, "min")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=DEFAULT_RUNS)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_known_args()[0]


def _shards(first: int, runs: int) -> list[tuple[int, int]]:
    """Return first seed and number of runs of each shard: a shard has a site and a tablet of its own.

    Each run takes a client of the demo who has no anamnese of today: more than 25 may find nobody left.
    """
    ends = range(first, first + runs, PER_SHARD)
    return [(start, min(PER_SHARD, first + runs - start)) for start in ends]


def _shard(seeds: tuple[int, int]) -> dict[str, Any]:
    first, runs = seeds
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.cuts", str(first), str(runs)],
        cwd=environment.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,  # the others go on; what it stopped at stands on the screen
    )
    tally: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else vars(Tally())
    return tally


def _sum(tallies: list[dict[str, Any]], name: str) -> int:
    return sum(tally[name] for tally in tallies)


def _run_shard(first: int, runs: int) -> None:
    """Do the runs of one shard, and print the tally."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from tests import cuts
    from tests.live.site import new_site

    site = new_site(demo=True)
    try:
        site.start()
        with sync_playwright() as playwright:
            tally = cuts.run_all(site, playwright.chromium, range(first, first + runs))
    finally:
        site.remove()
    sys.stdout.write(json.dumps(vars(tally)))


if __name__ == "__main__":
    _run_shard(int(sys.argv[1]), int(sys.argv[2]))
