"""Answers for the demo's anamneses, drawn per profile so that each of the sixteen occurs.

Drawn at random over all answers, two of the profiles would hardly ever be seen.
"""

from itertools import product
from random import Random

from profiles.engine import Answers, derive

#: How many clients of one organisation have each profile; the rest has none yet.
CLIENTS_PER_PROFILE = {
    "DKDL-01": 4,
    "DKDL-02": 5,
    "DKDL-03": 3,
    "DKDL-04": 3,
    "DKDL-05": 4,
    "DKDL-06": 3,
    "DKDL-07": 8,
    "DKDL-08": 7,
    "DKDL-09": 15,
    "DKDL-10": 4,
    "DKDL-11": 7,
    "DKDL-12": 19,
    "MKT": 3,
    "PTZ": 4,
    "TIJDELIJK": 4,
    "GEEN": 2,
}
EXCEPTIONS: dict[str, Answers] = {
    "MKT": {"Q1": ("2",)},
    "PTZ": {"Q1": ("1",), "Q2": ("2",)},
    "TIJDELIJK": {"Q1": ("1",), "Q2": ("1",), "Q3": ("2",)},
    "GEEN": {"Q1": ("1",), "Q2": ("1",), "Q3": ("3",)},
}
GATES = {"Q1": ("1",), "Q2": ("1",), "Q3": ("1",)}
CAPACITY = tuple(product("123", "123", "123"))
BURDEN = tuple(product("12", "123"))
NEED = tuple(product("1234", "123", "123"))
TECHNICAL: tuple[tuple[str, ...], ...] = (
    (),
    ("injecties",),
    ("zwachtelen",),
    ("complexe_wond",),
    ("katheter", "injecties"),
    ("sonde",),
)


def answers_for(code: str, random: Random) -> Answers:
    """Return valid answers that lead to the profile `code`."""
    if code in EXCEPTIONS:
        return EXCEPTIONS[code]
    while True:
        answers = _draw(random)
        if derive(answers).code == code:
            return answers


def _draw(random: Random) -> Answers:
    # Half of the draws have full capacity: without that DKDL-01 to 06 would take thousands of tries.
    capacity = ("1", "1", "1") if random.random() < 1 / 2 else random.choice(CAPACITY)
    chosen = (*capacity, *random.choice(BURDEN), *random.choice(NEED))
    technical = random.choice(TECHNICAL)
    answers = GATES | {f"Q{number}": (option,) for number, option in enumerate(chosen, start=4)}
    if not technical:
        return answers | {"Q12": ("1",)}
    return answers | {"Q12": ("2",), "Q13": technical}
