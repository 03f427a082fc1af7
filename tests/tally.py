"""What random cuts came to."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What went wrong over all runs, and what was cut. All but the cuts and runs must stay zero.

    `findings` tell of each run in which something went wrong what happened, moment by moment.
    """

    runs: int = 0
    lost: int = 0
    doubled: int = 0
    mixed: int = 0
    cuts: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
