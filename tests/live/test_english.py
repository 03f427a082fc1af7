"""Every page that links lead to, in every role, for somebody who chose English: no Dutch is left on it."""

import re
from collections.abc import Iterator

import pytest

from declarations.demo.people import accounts
from profiles.engine import DKDL_2_0
from questionnaires import definitions
from tests import messages
from tests.live.site import Site
from tests.live.visiting import Reader, Visitor

#: One person for each role.
PEOPLE = list({account.role: account.email for account in accounts()}.values())
#: Words without which a Dutch sentence is hardly made, and that are no English ones, nor part of a name.
DUTCH = (
    {"alle", "als", "bij", "cliënt", "cliënten", "dagen", "deze", "dit", "een", "geen", "heeft", "het", "hoe"}
    | {"je", "kies", "kun", "naar", "niet", "nog", "ook", "regel", "vanaf", "voor", "waarom", "wat", "wie"}
    | {"worden", "wordt", "zijn", "zonder"}
)
WORD = re.compile(r"[a-zà-ÿ]+")


@pytest.fixture(scope="module")
def left_over() -> set[str]:
    """What may not stand on a page: the Dutch of every text that has another in English."""
    dutch, english = set[str](), set[str]()
    for message in messages.read():
        dutch |= set(messages.forms(message.id))
        english |= set(messages.forms(message.string))
    return dutch - english


@pytest.fixture(scope="module")
def instrument() -> list[str]:
    """The words of the questionnaire and the codes, the same in every language; the longest first."""
    return sorted({*_strings(definitions.read()), *DKDL_2_0.labels}, key=len, reverse=True)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


@pytest.mark.parametrize("email", PEOPLE)
def test_no_dutch_is_left(email: str, demo_site: Site, left_over: set[str], instrument: list[str]) -> None:
    visitor = Visitor(demo_site.url)
    visitor.log_in(email)
    visitor.choose("en")
    try:
        pages = list(visitor.pages("/"))
    finally:
        visitor.choose("nl")
    assert len(pages) > 3
    for path, page in pages:
        assert (path, list(_dutch_of(page, left_over, instrument))) == (path, [])


def _dutch_of(page: Reader, left_over: set[str], instrument: list[str]) -> Iterator[str]:
    """Yield the Dutch texts of a page; of a page without texts too, as of a file to fetch, there are none."""
    for language, text in page.texts:
        if language == "nl":
            continue
        if text in left_over or DUTCH & set(WORD.findall(_without(text, instrument).lower())):
            yield text


def _without(text: str, instrument: list[str]) -> str:
    for words in instrument:
        text = text.replace(words, "")
    return text


def test_it_would_see_dutch(left_over: set[str], instrument: list[str]) -> None:
    page = Reader()
    page.feed(
        '<html lang="en"><h1>Who are you?</h1><p>Kies wat je wilt</p><p lang="nl">Wat is er?</p>'
        "<p>Opslaan</p><img alt='Wie ben je?'><br><p>and an end</p>"
    )
    left_over = left_over | {"Opslaan"}
    assert list(_dutch_of(page, left_over, instrument)) == ["Kies wat je wilt", "Opslaan", "Wie ben je?"]
