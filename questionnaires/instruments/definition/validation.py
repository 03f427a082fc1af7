"""What must hold for a definition. Each check yields defects: the place, then what is wrong there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

_DEFINITION = {"instrument": str, "version": str, "title": str, "groups": list, "questions": list}
_GROUP = {"id": str, "label": str}
_QUESTION = {"id": str, "group": str, "kind": str, "subject": str, "text": str, "help": str, "options": list}
_QUESTION_MORE = {
    "asked_when": list,
    "tolerated_when_not_asked": bool,
    "follows_up": str,
    "answered_by": dict,
}
_OPTION = {"code": str, "label": str, "definition": str}
_OPTION_MORE = {"regulator_code": str}
_CONDITION = {"question": str, "option": str}
_AGE_RULE = {"source": str, "from": int, "option": str, "below": str}
#: An age that somebody may reach; with any date of birth, that birthday is a date.
OLDEST: Final = 120
_KINDS = ("single", "multiple")

Shape = Mapping[str, type]


def defects_of(raw: object) -> tuple[str, ...]:
    """Every defect of a definition; empty when it is sound. First the shape, then how it hangs together."""
    shape = tuple(_shape_defects(raw))
    return shape or tuple(_coherence_defects(raw))  # type: ignore[arg-type]  # its shape was just checked


def _shape_defects(raw: object) -> Iterator[str]:
    yield from _object_defects("definition", raw, _DEFINITION)
    for place, group in _entries(raw, "groups", "groups"):
        yield from _object_defects(place, group, _GROUP)
    for place, question in _entries(raw, "questions", "questions"):
        yield from _object_defects(place, question, _QUESTION, _QUESTION_MORE)
        for where, option in _entries(question, "options", f"{place}.options"):
            yield from _object_defects(where, option, _OPTION, _OPTION_MORE)
        for where, condition in _entries(question, "asked_when", f"{place}.asked_when"):
            yield from _object_defects(where, condition, _CONDITION)
        if isinstance(question, Mapping) and "answered_by" in question:
            yield from _object_defects(f"{place}.answered_by", question["answered_by"], _AGE_RULE)


def _entries(raw: object, key: str, place: str) -> Iterator[tuple[str, object]]:
    """The numbered entries of a list inside an object; nothing when that is not there."""
    found = raw.get(key) if isinstance(raw, Mapping) else None
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        yield f"{place}[{index}]", entry


def _object_defects(place: str, raw: object, required: Shape, optional: Shape | None = None) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        yield f"{place}: must be an object"
        return
    known = {**required, **(optional or {})}
    yield from (f"{place}.{key}: is missing" for key in required if key not in raw)
    for key, value in raw.items():
        if key not in known:
            yield f"{place}.{key}: is not known"
        elif type(value) is not known[key]:
            yield f"{place}.{key}: must be of type {known[key].__name__}"
        elif value in ("", []) or (isinstance(value, str) and value != value.strip()):
            yield f"{place}.{key}: must not be empty or padded"


def _coherence_defects(raw: Mapping[str, Any]) -> Iterator[str]:
    questions = raw["questions"]
    yield from _doubles("groups", (group["id"] for group in raw["groups"]))
    yield from _doubles("questions", (question["id"] for question in questions))
    groups = {group["id"] for group in raw["groups"]}
    earlier: dict[str, Mapping[str, Any]] = {}
    for question in questions:
        place = question["id"]
        if question["group"] not in groups:
            yield f"{place}.group: there is no such group"
        if question["kind"] not in _KINDS:
            yield f"{place}.kind: must be one of {', '.join(_KINDS)}"
        yield from _option_defects(place, question["options"])
        yield from _condition_defects(question, earlier)
        yield from _age_rule_defects(question)
        earlier[place] = question


def _option_defects(place: str, options: list[Mapping[str, str]]) -> Iterator[str]:
    spellings = [option["code"] for option in options]
    spellings += [option["regulator_code"] for option in options if "regulator_code" in option]
    yield from _doubles(f"{place}.options", spellings)
    # Codes are joined by a bar in files, and white space around them is not part of them.
    yield from (f"{place}.options: {code!r} holds a bar" for code in spellings if "|" in code)


def _condition_defects(
    question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    place, conditions = question["id"], question.get("asked_when", [])
    for condition in conditions:
        asked = earlier.get(condition["question"])
        if asked is None or asked["kind"] != "single":
            yield f"{place}.asked_when: {condition['question']} is no earlier question with one choice"
        elif condition["option"] not in _codes(asked):
            yield f"{place}.asked_when: {condition['question']} has no option {condition['option']}"
    yield from _doubles(f"{place}.asked_when", (condition["question"] for condition in conditions))
    followed = question.get("follows_up")
    if followed is not None and followed not in {condition["question"] for condition in conditions}:
        yield f"{place}.follows_up: {followed} is not among its conditions"


def _age_rule_defects(question: Mapping[str, Any]) -> Iterator[str]:
    rule, place = question.get("answered_by"), f"{question['id']}.answered_by"
    if rule is None:
        return
    if question["kind"] != "single":
        yield f"{place}: only a question with one choice follows from the age"
    if rule["source"] != "age":
        yield f"{place}.source: must be age"
    if not 1 <= rule["from"] <= OLDEST:
        yield f"{place}.from: must be from 1 to {OLDEST}"
    for key in ("option", "below"):
        if rule[key] not in _codes(question):
            yield f"{place}.{key}: there is no such option"


def _codes(question: Mapping[str, Any]) -> set[str]:
    return {option["code"] for option in question["options"]}


def _doubles(place: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{place}: {name} stands there twice" for name, count in Counter(names).items() if count > 1)
