"""Made files that were tampered with, a hundred thousand: `python -m tests.bench mutations [--changes N]`.

The proof before release must refuse each of them but those whose bytes are what they were.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.bench.figures import Figure
from tests.declarations.made_mutations import Made, judged, made_in_file, made_separate

CHANGES, PER_FILE, PER_SHARD, PROCESSES = 100_000, 50, 40, 2
KINDS: dict[str, Callable[[int], Made]] = {"in the file": made_in_file, "separate": made_separate}
# Three in four are made as most files are.
SHARE = {"in the file": 3, "separate": 1}


def measure() -> Iterator[Figure]:
    """Yield how many made files were changed in which way, and how many the proof judged wrongly."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=CHANGES)
    wanted = parser.parse_known_args()[0].changes
    start = time.perf_counter()
    tally = _judged(wanted // PER_FILE)
    yield Figure(f"{tally['all']:,} changes of made files judged", time.perf_counter() - start, "s")
    yield Figure("changed, and yet called sound; or unchanged, and refused", tally["wrong"], "", most=0)
    yield Figure("of which nothing changed, called sound", tally["unchanged"], "", least=1)
    for way in sorted(tally.keys() - {"all", "wrong", "unchanged"}):
        yield Figure(way, tally[way], "")


def _judged(files: int) -> Counter[str]:
    shards = []
    for kind, share in SHARE.items():
        seeds = range(files * share // sum(SHARE.values()))
        shards += [(kind, seeds[at : at + PER_SHARD]) for at in range(0, len(seeds), PER_SHARD)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        return sum(pool.map(_of_shard, shards), Counter[str]())


def _of_shard(shard: tuple[str, range]) -> Counter[str]:
    kind, seeds = shard
    tally = Counter[str]()
    for way, has_changed, is_wrong in judged(KINDS[kind], seeds, PER_FILE):
        tally["all"] += 1
        tally["wrong"] += is_wrong
        tally["unchanged"] += not has_changed
        tally[f"{kind}: {way.replace('_', ' ')}"] += 1
    return tally
