"""No code on a day of which it may not speak, none missing that may go: the decision against the oracle.

100,000 random histories of clients, consents, bases, receivers, phases, agreements, corrections and files.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from declarations.decisions.decision import Decision

WORLDS = 100_000
# Each of these comes up, or the histories prove less than they say.
FEWEST_OF_EACH = 100


def measure() -> Iterator[Figure]:
    """Yield how many histories came out otherwise than they must, and how many there were of each outcome."""
    import django

    with tempfile.TemporaryDirectory(prefix="draagvlak-bench-") as folder:
        os.environ.setdefault("DRAAGVLAK_VAR", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        began = time.monotonic()
        wrong, kinds = compared(WORLDS)
    yield Figure("histories held against the oracle", sum(kinds.values()), "", least=WORLDS)
    yield Figure("histories that came out otherwise", wrong, "", most=0)
    yield Figure("the rarest outcome came up", min(kinds.values()), "times", least=FEWEST_OF_EACH)
    for kind, count in sorted(kinds.items()):
        yield Figure(f"  {kind}", count, "")
    yield Figure("that took", time.monotonic() - began, "s")


def compared(count: int) -> tuple[int, Counter[str]]:
    """Return how many of so many random histories differ, and how many there were of each outcome."""
    from declarations.decisions.decision import decide
    from tests.declarations import worlds
    from tests.declarations.oracle import differences

    wrong, kinds = 0, Counter[str]()
    for seed in range(count):
        random = Random(seed)  # noqa: S311 - not for secrets
        world = worlds.random_world(random, worlds.random_rules(random))
        outcome = decide(worlds.insured_of(world), worlds.client_of(world), worlds.conditions_of(world.rules))
        found = differences(world, outcome)
        if found and wrong < 5:
            print(f"seed {seed}: {found}", flush=True)  # noqa: T201 - a command's output
        wrong += bool(found)
        kinds[kind_of(outcome)] += 1
    return wrong, kinds


def kind_of(outcome: "Decision") -> str:
    """Return the outcome in words, with what is of note where somebody is attached."""
    if outcome.reason:
        return f"{outcome.state} {outcome.reason} {outcome.missing}".strip()
    return " ".join(
        (
            str(outcome.state),
            "in one record" if len(outcome.records) == 1 else "in several records",
            "with performances left out for the phase" if outcome.left_out else "",
        )
    ).strip()
