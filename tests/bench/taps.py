"""Random taps, many of them: `python -m tests.bench taps [--sequences N] [--seed FIRST]`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from tests.taps import TapTally

SEQUENCES = 10_000


def measure() -> Iterator[Figure]:
    """Yield how much was tapped and compared, and how often screen, tablet, server and rules differed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from tests.browser import launched
    from tests.live.site import new_site
    from tests.taps import tap_about

    wanted, start = _arguments(), time.perf_counter()
    site = new_site(demo=True)
    try:
        site.start()
        with launched() as browser:
            tally = tap_about(browser, site, seed=wanted.seed, sequences=wanted.sequences, tell=_tell)
    finally:
        site.remove()
    for line in tally.wrong:
        sys.stderr.write(f"{line}\n")
    yield Figure("sequences that were not done", wanted.sequences - tally.sequences, "", most=0)
    yield Figure("times that screen, tablet, server and rules differed", len(tally.wrong), "", most=0)
    yield Figure("taps on an option", tally.taps, "")
    yield Figure("comparisons of screen and tablet", tally.comparisons, "")
    yield Figure("comparisons with the server", tally.on_server, "")
    yield Figure("comparisons a second of tapping", tally.comparisons / (tally.seconds or 1), "")
    yield Figure("minutes", (time.perf_counter() - start) / 60, "min")


def _tell(tally: "TapTally") -> None:
    """Say how far it is, once in a while: it takes long."""
    if tally.sequences % 500 == 0:
        sys.stderr.write(f"{tally.sequences} sequences, {tally.taps} taps, {tally.comparisons} compared\n")
        sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_known_args()[0]
