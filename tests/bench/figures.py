"""A measured figure with what it is held against."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. `most` and `least` are limits; a figure without either is for information."""

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def is_good(self) -> bool:
        """True when the figure keeps to its limits."""
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    def __str__(self) -> str:
        limit = ""
        if self.most is not None:
            limit = f"  (at most {self.most:g})"
        elif self.least is not None:
            limit = f"  (at least {self.least:g})"
        mark = "ok " if self.is_good else "BAD"
        return f"{mark}  {self.what:<66} {self.value:>10,.1f} {self.unit}{limit}"


def report(figures: Iterable[Figure]) -> bool:
    """Print figures as they come and return whether all of them are good."""
    good = True
    for figure in figures:
        print(figure, flush=True)  # noqa: T201 - a command's output
        good &= figure.is_good
    return good
