"""Reading JSON that came from outside: only what every later step can store, show and send again.

Python's reader takes more than JSON (NaN), text that no database takes (NUL, half a surrogate pair) and any
depth; each of those once became a fault of a page that read it back.
"""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, Strict, TypeAdapter, ValidationError

Shape = TypeVar("Shape")

DEEPEST = 16
SAFE_INTEGER = 2**53  # beyond it a tablet and a server read two numbers
LONGEST_TEXT = 10_000


class UnreadableJsonError(ValueError):
    """It is no JSON object that can be used. Never quotes what was sent."""

    def __init__(self) -> None:
        super().__init__("the body is no JSON object that can be used")


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds. Raises UnreadableJsonError."""
    try:
        value = json.loads(body, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise UnreadableJsonError from error
    if not isinstance(value, dict):
        raise UnreadableJsonError
    _check(value)
    return value


def as_shape(fields: Mapping[str, Any], shape: TypeAdapter[Shape]) -> Shape:
    """Return an object as what it should be. Raises UnreadableJsonError, which quotes nothing."""
    try:
        return shape.validate_python(fields)
    except ValidationError:
        raise UnreadableJsonError from None


def read_shape(body: bytes, shape: TypeAdapter[Shape]) -> Shape:
    """Return what a body holds, as what it should be. Raises UnreadableJsonError."""
    return as_shape(read_object(body), shape)


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - which makes it a problem of the shape
    return date.fromisoformat(value)


#: Kinds of values that the shapes of bodies are made of; none takes a number or a flag for another.
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, Strict()]
Number = Annotated[int, Strict()]
Text = Annotated[str, Strict(), Field(max_length=LONGEST_TEXT)]


def _check(value: object) -> None:
    """Walk through a value without calling oneself: depth must not become a fault of ours."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        if depth > DEEPEST or not _is_usable(found):
            raise UnreadableJsonError
        if isinstance(found, dict):
            waiting += [(part, depth + 1) for pair in found.items() for part in pair]
        elif isinstance(found, list):
            waiting += [(part, depth + 1) for part in found]


def _is_usable(value: object) -> bool:
    if isinstance(value, str):
        is_pair_whole = not any("\ud800" <= sign <= "\udfff" for sign in value)
        return len(value) <= LONGEST_TEXT and "\0" not in value and is_pair_whole
    if isinstance(value, int):
        return abs(value) <= SAFE_INTEGER
    return True


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise UnreadableJsonError
    return value


def _refuse(_text: str) -> None:
    raise UnreadableJsonError
