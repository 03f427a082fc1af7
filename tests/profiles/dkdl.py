"""The published model by the names of the regulation, for tests that are about it and no other."""

from profiles import engine
from profiles.engine import Answers, Derivation, Model, Neighbour, shipped
from profiles.schema.terms import Terms

DKDL_2_0: Model = shipped()
CAPACITY, BURDEN, SUPPORT_NEED = DKDL_2_0.dimensions
LOW, MEDIUM, HIGH = range(3)

#: How long each code lasts beside what the answers say of the age.
CHILD = Terms(age_below=18)
ADULT = Terms(age_from=18)
TERMS = {
    **dict.fromkeys(DKDL_2_0.codes.values(), ADULT),
    "MKT": CHILD,
    "PTZ": Terms(asks_after_months=3, age_from=18),
    "TIJDELIJK": Terms(lasts_days=28, age_from=18),
    "GEEN": ADULT,
}


def derive(answers: Answers) -> Derivation:
    """Derive by the published model."""
    return engine.derive(answers, DKDL_2_0)


def neighbours(answers: Answers) -> tuple[Neighbour, ...]:
    """What is one answer away by the published model."""
    return engine.neighbours(answers, DKDL_2_0)


def scores_of(capacity: int, burden: int, support_need: int) -> dict[str, int]:
    """The three scores as a profile has them."""
    return {"capacity": capacity, "burden": burden, "support_need": support_need}
