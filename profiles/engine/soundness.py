"""What must hold for the rules of a model. Each check yields defects: the place, then what is wrong there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any, Final, NamedTuple

from profiles.engine import written
from profiles.engine.building import build, most_points
from profiles.engine.model import Model

#: So many options of one question with several choices can still be looked up beforehand.
MOST_SEVERAL: Final = 12
#: So many combinations of levels can be looked through.
MOST_PROFILES: Final = 1000
#: As long as each may be, where it is stored.
LONGEST_NAME, LONGEST_VERSION, LONGEST_CODE = 40, 19, 12


class UnsoundModelError(ValueError):
    """The rules do not hold together. `defects` names each place and what is wrong there."""

    def __init__(self, defects: tuple[str, ...]) -> None:
        super().__init__("; ".join(defects))
        self.defects = defects


def read_model(raw: object) -> Model:
    """Check rules in today's format and make the model. Raises `UnsoundModelError` with all defects."""
    if defects := defects_of(raw):
        raise UnsoundModelError(defects)
    assert isinstance(raw, Mapping)  # noqa: S101 - its shape was just checked
    return build(raw)


def defects_of(raw: object) -> tuple[str, ...]:
    """Every defect of rules; empty when they are sound. First texts and shape, then how it hangs together."""
    shape = [*written.texts("model", raw), *_shape("model", raw, MODEL)]
    found = shape or _coherence(raw)  # type: ignore[arg-type]  # its shape was just checked
    return tuple(written.printable(each) for each in found)


class Shape(NamedTuple):
    """The keys of an object, those that may be absent, and what stands inside its lists and objects."""

    required: Mapping[str, type]
    optional: Mapping[str, type] = {}
    entries: "Mapping[str, Shape | type]" = {}


SENTENCE: Final = Shape({"text": str, "values": dict}, entries={"values": int})
LEVEL: Final = Shape({"first": int, "word": str, "plain": str})
DIMENSION: Final = Shape(
    {"id": str, "name": str, "short": str, "column": str, "rule": list, "levels": list},
    {"counts_down_from": int, "narrow": str, "limit": str},
    {"rule": SENTENCE, "levels": LEVEL},
)
GATE: Final = Shape({"question": str, "passes": str, "exceptions": dict}, entries={"exceptions": str})
QUESTION: Final = Shape(
    {"question": str, "dimension": str, "points": dict},
    {"several": bool, "opened_by": str, "opening": str},
    {"points": int},
)
PROFILE: Final = Shape({"levels": list, "code": str, "label": str}, entries={"levels": int})
EXCEPTION: Final = Shape(
    {"code": str, "label": str},
    {
        **dict.fromkeys(("meaning", "plain", "word", "asks_why"), str),
        **dict.fromkeys(("lasts_days", "asks_after_months"), int),
    },
)
BALANCE: Final = Shape(
    dict.fromkeys(("left", "right", "below", "straight", "to_left", "to_right", "title", "limits"), str)
)
MODEL: Final = Shape(
    {
        **dict.fromkeys(("model", "version"), str),
        **dict.fromkeys(("dimensions", "gates", "questions", "profiles", "exceptions"), list),
    },
    {"balance": dict},
    {
        "dimensions": DIMENSION,
        "gates": GATE,
        "questions": QUESTION,
        "profiles": PROFILE,
        "exceptions": EXCEPTION,
        "balance": BALANCE,
    },
)
_MAY_BE_EMPTY: Final = {"gates", "exceptions", "values"}


def _shape(place: str, raw: object, shape: Shape) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        yield f"{place}: must be an object"
        return
    known = {**shape.required, **shape.optional}
    yield from (f"{place}.{key}: is missing" for key in shape.required if key not in raw)
    for key, value in raw.items():
        if key not in known:
            yield f"{place}.{key}: is not known"
        elif type(value) is not known[key]:
            yield f"{place}.{key}: must be of type {known[key].__name__}"
        elif value in ("", [], {}) and key not in _MAY_BE_EMPTY:
            yield f"{place}.{key}: must not be empty"
        elif key in shape.entries:
            yield from _entries(f"{place}.{key}", value, shape.entries[key])


def _entries(place: str, value: Any, inside: Shape | type) -> Iterator[str]:
    if isinstance(inside, Shape) and isinstance(value, Mapping):
        yield from _shape(place, value, inside)
        return
    named = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, entry in named:
        if isinstance(inside, Shape):
            yield from _shape(f"{place}[{key}]", entry, inside)
        elif type(entry) is not inside:
            yield f"{place}[{key}]: must be of type {inside.__name__}"


def _coherence(raw: Mapping[str, Any]) -> Iterator[str]:
    for check in CHECKS:
        yield from check(raw)


def _names(raw: Mapping[str, Any]) -> Iterator[str]:
    questions = [each["question"] for each in (*raw["gates"], *raw["questions"])]
    codes = [each["code"] for each in (*raw["profiles"], *raw["exceptions"])]
    yield from _doubles("questions", questions)
    yield from _doubles("codes", codes)
    yield from _doubles("dimensions", (each["id"] for each in raw["dimensions"]))
    yield from _doubles("columns", (each["column"] for each in raw["dimensions"]))
    yield from _too_long("codes", codes, LONGEST_CODE)
    yield from _too_long("model", [raw["model"]], LONGEST_NAME)
    yield from _too_long("version", [raw["version"]], LONGEST_VERSION)


def _too_long(place: str, names: Iterable[str], most: int) -> Iterator[str]:
    yield from (f"{place}: {name} is longer than {most}" for name in names if len(name) > most)


def _gates(raw: Mapping[str, Any]) -> Iterator[str]:
    known = {each["code"] for each in raw["exceptions"]}
    used = {code for gate in raw["gates"] for code in gate["exceptions"].values()}
    for gate in raw["gates"]:
        if gate["passes"] in gate["exceptions"]:
            yield f"{gate['question']}.passes: {gate['passes']} is an exception as well"
    yield from (f"gates: there is no exception {code}" for code in sorted(used - known))
    yield from (f"exceptions: no gate leads to {code}" for code in sorted(known - used))


def _questions(raw: Mapping[str, Any]) -> Iterator[str]:
    dimensions = {each["id"] for each in raw["dimensions"]}
    earlier: dict[str, Mapping[str, Any]] = {}
    for question in raw["questions"]:
        place, points = question["question"], question["points"]
        if question["dimension"] not in dimensions:
            yield f"{place}.dimension: there is no dimension {question['dimension']}"
        yield from (f"{place}.points: {code} is under 0" for code, each in points.items() if each < 0)
        if question.get("several") and len(points) > MOST_SEVERAL:
            yield f"{place}.points: more than {MOST_SEVERAL} options of which several can be chosen"
        yield from _opener(question, earlier)
        earlier[place] = question


def _opener(question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    place = question["question"]
    if ("opened_by" in question) != ("opening" in question):
        yield f"{place}: opened_by and opening go together"
    if "opened_by" not in question or "opening" not in question:
        return
    opener = earlier.get(question["opened_by"])
    if opener is None or opener.get("several") or "opened_by" in opener:
        yield f"{place}.opened_by: is no earlier question with one choice that is always asked"
    elif question["opening"] not in opener["points"]:
        yield f"{place}.opening: {question['opened_by']} has no option {question['opening']}"


def _dimensions(raw: Mapping[str, Any]) -> Iterator[str]:
    for dimension in raw["dimensions"]:
        place, down = dimension["id"], dimension.get("counts_down_from")
        most = most_points(place, raw["questions"])
        if down is not None and most > down:
            yield f"{place}.counts_down_from: the score can go under 0 ({most} points can go off)"
        top = most if down is None else down
        if top < 1:
            yield f"{place}: no question gives a point"
        if top > written.MOST_POINTS:
            yield f"{place}: the score can go over {written.MOST_POINTS}"
        firsts = [level["first"] for level in dimension["levels"]]
        if firsts[0] != 0 or firsts != sorted(set(firsts)) or firsts[-1] > top:
            yield f"{place}.levels: must begin at 0 and go up, to {top} at most"


def _profiles(raw: Mapping[str, Any]) -> Iterator[str]:
    if prod(len(each["levels"]) for each in raw["dimensions"]) > MOST_PROFILES:
        yield f"profiles: more than {MOST_PROFILES} combinations of levels"
        return
    wanted = set(product(*(range(len(each["levels"])) for each in raw["dimensions"])))
    found = Counter(tuple(each["levels"]) for each in raw["profiles"])
    yield from (f"profiles: there is none for levels {list(each)}" for each in sorted(wanted - found.keys()))
    yield from (f"profiles: levels {list(each)} do not exist" for each in found if each not in wanted)
    yield from (f"profiles: two for levels {list(each)}" for each, count in found.items() if count > 1)


def _balance(raw: Mapping[str, Any]) -> Iterator[str]:
    balance, by_id = raw.get("balance"), {each["id"]: each for each in raw["dimensions"]}
    if balance is None:
        return
    for side in ("left", "right", "below"):
        if balance[side] not in by_id:
            yield f"balance.{side}: there is no dimension {balance[side]}"
        elif side != "below" and len(by_id[balance[side]]["levels"]) == 1:
            yield f"balance.{side}: a score with one level has no threshold to show"


def _doubles(place: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{place}: {name} stands there twice" for name, count in Counter(names).items() if count > 1)


CHECKS: Final[tuple[Callable[[Mapping[str, Any]], Iterator[str]], ...]] = (
    _names,
    _gates,
    _questions,
    _dimensions,
    _profiles,
    _balance,
    written.names,
    written.ranges,
    written.sentences,
)
