"""Plain lines about a start that takes a while: which step of how many, and how long each took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Steps:
    """The steps of one start, told on stdout as they begin and end; `total` is how many there will be."""

    total: int
    done: int = 0

    @contextmanager
    def step(self, dutch: str, english: str) -> Iterator[None]:
        """Tell that a step begins and, unless it fails, in how many seconds it was done."""
        self.done += 1
        _tell(f"[{self.done}/{self.total}] {dutch} / {english} … ")
        began = time.monotonic()
        try:
            yield
        except BaseException:
            _tell("\n")
            raise
        _tell(f"{time.monotonic() - began:.1f} s\n")


def _tell(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
