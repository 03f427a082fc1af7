"""How long a profile may hold by itself, and for which ages: settled by its model and its answers."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Terms:
    """What ends a profile or asks for a new look; None: nothing of the kind.

    It ends `lasts_days` after its first day, or on the birthday `age_below`: until then an answer follows
    from being younger, as others follow from being `age_from` or older. It asks for a new look after
    `asks_after_months` instead of after what the organisation settled.
    """

    lasts_days: int | None = None
    asks_after_months: int | None = None
    age_from: int | None = None
    age_below: int | None = None

    @property
    def ends_by_itself(self) -> bool:
        """Whether its last day is known from the start."""
        return self.lasts_days is not None or self.age_below is not None


NO_TERMS: Final = Terms()
#: The columns of a profile that hold its terms, in the order of `Terms`.
TERM_COLUMNS: Final = ("lasts_days", "asks_after_months", "age_from", "age_below")
