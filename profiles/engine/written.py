"""What is written in a model can be stored, printed, said and counted. Each check yields defects.

A version never changes: a text that cannot be said once stays so on every page and every tablet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from unicodedata import category

#: Names stand unquoted in files, in addresses and in the log.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
#: The columns of a file of profiles that are there for every model.
FILE_COLUMNS: Final = ("id", "soort", "code", "model", "fout")
LONGEST_TEXT: Final = 10_000
#: A score has words and a place in a picture for each of its points.
MOST_POINTS: Final = 1000
#: Ten years: with any first day, the last day is still a date.
MOST_DAYS, MOST_MONTHS = 3660, 120
#: A tablet and a server read larger numbers as two different ones.
SAFE_INTEGER: Final = 2**53

_PLACE: Final = re.compile(r"%\((\w+)\)([ds])")
_SIDES: Final = dict.fromkeys(("left", "right", "below"), "d")
#: The places that the words of the balance may have, and how each is written.
TITLE_PLACES: Final = _SIDES | {f"most_{side}": "d" for side in _SIDES}
LIMITS_PLACES: Final = _SIDES | {"word": "s"}


def printable(text: str) -> str:
    """Return a text as any screen and any log can take it."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def texts(whole: str, raw: object) -> Iterator[str]:
    """Every text and every key, at whatever depth, that a database, a page or a file cannot take.

    `whole` is what places begin with.
    """
    waiting: list[tuple[str, object]] = [(whole, raw)]
    while waiting:
        place, found = waiting.pop()
        if isinstance(found, str) and (why_not := _why_not(found)):
            yield f"{place}: {why_not}"
        elif isinstance(found, Mapping):
            waiting += [(f"{place}.{key}", part) for key, value in found.items() for part in (key, value)]
        elif isinstance(found, list):
            waiting += [(f"{place}[{position}]", part) for position, part in enumerate(found)]


def _why_not(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT}"
    is_bad = any(category(sign) in ("Cc", "Cs") for sign in text)
    return "has a sign that is no part of a text" if is_bad else ""


def names(raw: Mapping[str, Any]) -> Iterator[str]:
    """Names with other signs than names have, and columns that every file has already."""
    dimensions = raw["dimensions"]
    columns = [each["column"] for each in dimensions]
    yield from _unlike("model", [raw["model"]], VERSION)
    yield from _unlike("version", [raw["version"]], VERSION)
    yield from _unlike("codes", (each["code"] for each in (*raw["profiles"], *raw["exceptions"])), NAME)
    yield from _unlike("dimensions", (each["id"] for each in dimensions), NAME)
    yield from _unlike("columns", columns, NAME)
    yield from (f"columns: every file has {each} already" for each in columns if each in FILE_COLUMNS)


def _unlike(place: str, found: Iterable[str], pattern: re.Pattern[str]) -> Iterator[str]:
    yield from (
        f"{place}: {each} has other signs than {pattern.pattern}"
        for each in found
        if not pattern.fullmatch(each)
    )


def ranges(raw: Mapping[str, Any]) -> Iterator[str]:
    """Numbers that no column, calendar or picture can take."""
    for each in raw["exceptions"]:
        yield from _outside(each["code"], each, "lasts_days", 1, MOST_DAYS)
        yield from _outside(each["code"], each, "asks_after_months", 1, MOST_MONTHS)
    for each in raw["dimensions"]:
        yield from _outside(each["id"], each, "counts_down_from", 1, MOST_POINTS)
        for sentence in each["rule"]:
            for name in sentence["values"]:
                yield from _outside(
                    f"{each['id']}.rule", sentence["values"], name, -SAFE_INTEGER, SAFE_INTEGER
                )
    for each in raw["questions"]:
        over = (option for option, points in each["points"].items() if points > MOST_POINTS)
        yield from (f"{each['question']}.points: {option} is over {MOST_POINTS}" for option in over)


def _outside(place: str, numbers: Mapping[str, Any], name: str, least: int, most: int) -> Iterator[str]:
    if name in numbers and not least <= numbers[name] <= most:
        yield f"{place}.{name}: must be from {least} to {most}"


def sentences(raw: Mapping[str, Any]) -> Iterator[str]:
    """Sentences with a place that nothing goes into."""
    for dimension in raw["dimensions"]:
        for position, sentence in enumerate(dimension["rule"]):
            if values := sentence["values"]:
                place = f"{dimension['id']}.rule[{position}]"
                yield from _unsayable(place, sentence["text"], dict.fromkeys(values, "d"))
    if balance := raw.get("balance"):
        yield from _unsayable("balance.title", balance["title"], TITLE_PLACES)
        if "%%" in balance["title"]:
            yield "balance.title: has a % that is no place"  # a tablet fills in places only
        yield from _unsayable("balance.limits", balance["limits"], LIMITS_PLACES)


def _unsayable(place: str, text: str, places: Mapping[str, str]) -> Iterator[str]:
    unknown = [found[0] for found in _PLACE.finditer(text) if places.get(found[1]) != found[2]]
    yield from (f"{place}: nothing goes into {each}" for each in unknown)
    if "%" in _PLACE.sub("", text).replace("%%", ""):
        yield f"{place}: has a % that is no place; write it as %%"
