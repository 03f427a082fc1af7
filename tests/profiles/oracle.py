"""The published DKDL rules once more, as a plain decision tree, for the tests alone.

Written from the regulation and not from the engine's table: no points table, no numbering formula.
"""

from collections.abc import Iterator
from itertools import combinations, product

LIGHT = ("zwachtelen", "complexe_wond", "katheter", "overige_katheterisatie", "darmstoma", "injecties")
HEAVY = ("sonde", "darmspoeling")
TECHNICAL = (
    "zwachtelen",
    "complexe_wond",
    "sonde",
    "katheter",
    "overige_katheterisatie",
    "darmstoma",
    "darmspoeling",
    "injecties",
)
Care = tuple[str, tuple[str, ...]]
#: The options of Q4-Q11, in that order.
CHOICES = ("123", "123", "123", "12", "123", "1234", "123", "123")
#: Q12 with Q13: no, or yes with every combination that is not empty.
CARE: tuple[Care, ...] = (
    ("1", ()),
    *(("2", chosen) for count in range(1, 9) for chosen in combinations(TECHNICAL, count)),
)
STATES = 1_492_992

Outcome = tuple[str, int, int, int]


def states() -> Iterator[tuple[tuple[str, ...], Care]]:
    """Every state of Q4-Q11 with Q12 and Q13, after three gates that let through."""
    return product(product(*CHOICES), CARE)


def expected(answers: tuple[str, ...], technical: tuple[str, ...]) -> Outcome:
    """Code, capacity, burden and support need of one state."""
    mind, memory, network, carer, course, continence, washing, medication = answers
    capacity = _capacity(mind, memory, network)
    burden = _burden(carer, course)
    need = _need(continence, washing, medication) + sum(2 if each in HEAVY else 1 for each in technical)
    return _code(capacity, burden, need), capacity, burden, need


def _capacity(mind: str, memory: str, network: str) -> int:
    capacity = 7
    if mind in ("2", "3"):
        capacity -= 2
    if memory in ("2", "3"):
        capacity -= 2
    if network == "2":
        capacity -= 1
    elif network == "3":
        capacity -= 3
    return capacity


def _burden(carer: str, course: str) -> int:
    alone = 1 if carer == "2" else 0
    if course == "3":
        return alone + 2
    if course == "2":
        return alone + 1
    return alone


def _need(continence: str, washing: str, medication: str) -> int:
    need = 0
    if continence == "4":
        need = 2
    elif continence != "1":
        need = 1
    if washing == "3":
        need += 4
    elif washing == "2":
        need += 2
    if medication != "1":
        need += 2
    return need


def _code(capacity: int, burden: int, need: int) -> str:
    if capacity == 7:
        if burden <= 1:
            return _by_need(need, "DKDL-01", "DKDL-02", "DKDL-03")
        return _by_need(need, "DKDL-04", "DKDL-05", "DKDL-06")
    if burden <= 1:
        return _by_need(need, "DKDL-07", "DKDL-08", "DKDL-09")
    return _by_need(need, "DKDL-10", "DKDL-11", "DKDL-12")


def _by_need(need: int, low: str, medium: str, high: str) -> str:
    if need <= 3:
        return low
    if need <= 5:
        return medium
    return high
