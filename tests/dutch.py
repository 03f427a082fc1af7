"""Finding Dutch on a page that should be in English."""

import re
from collections.abc import Iterator
from functools import cache

from questionnaires.instruments import definitions
from tests import messages
from tests.live.visiting import Reader
from tests.profiles.dkdl import DKDL_2_0

#: Words without which a Dutch sentence is hardly made, and that are no English ones, nor part of a name.
DUTCH = (
    {"alle", "als", "bij", "cliënt", "cliënten", "dagen", "deze", "dit", "een", "geen", "heeft", "het", "hoe"}
    | {"je", "kies", "kun", "naar", "niet", "nog", "ook", "regel", "vanaf", "voor", "waarom", "wat", "wie"}
    | {"worden", "wordt", "zijn", "zonder"}
)
WORD = re.compile(r"[a-zà-ÿ]+")


@cache
def left_over() -> frozenset[str]:
    """Return what may not stand on a page: the Dutch of every text that has another in English."""
    dutch, english = set[str](), set[str]()
    for message in messages.read():
        dutch |= set(messages.forms(message.id))
        english |= set(messages.forms(message.string))
    return frozenset(dutch - english)


@cache
def instrument() -> tuple[str, ...]:
    """Return the words of the questionnaire and the codes, the same in every language; the longest first."""
    return tuple(sorted({*_strings(definitions.read()), *DKDL_2_0.labels}, key=len, reverse=True))


def dutch_of(page: Reader) -> list[str]:
    """Return the Dutch texts of a page, but for what says that it is Dutch."""
    texts = (text for language, text in page.texts if language != "nl")
    return [text for text in texts if text in left_over() or DUTCH & _words(text)]


def _words(text: str) -> set[str]:
    for words in instrument():
        text = text.replace(words, "")
    return set(WORD.findall(text.lower()))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)
