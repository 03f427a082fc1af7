"""A measured figure with what it is held against."""

from collections.abc import Iterable
from dataclasses import dataclass

#: What any other machine gives otherwise: told, and judged only beside a yardstick of the same run.
OF_ONE_MACHINE = frozenset({"s", "ms", "µs", "min", "/s", "µs a record"})


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. `most` and `least` are limits; a figure without either is for information.

    Raises ValueError for a limit on a time or a rate.
    """

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    def __post_init__(self) -> None:
        """Refuse to judge what depends on the machine."""
        if self.unit in OF_ONE_MACHINE and (self.most, self.least) != (None, None):
            raise ValueError(self.what)

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
