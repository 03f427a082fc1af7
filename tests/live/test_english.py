"""Every page that links lead to, in every role, for somebody who chose English: no Dutch is left on it."""

import pytest

from declarations.demo.people import accounts
from tests.dutch import dutch_of
from tests.live.site import Site
from tests.live.visiting import Reader, Visitor, pages

#: One person for each role.
PEOPLE = {account.role: account.email for account in reversed(accounts())}.values()


@pytest.mark.parametrize("email", PEOPLE)
def test_no_dutch_is_left(email: str, demo_site: Site) -> None:
    visitor = Visitor(demo_site.url)
    visitor.log_in(email)
    visitor.choose("en")
    try:
        found = {path: dutch_of(page) for path, page in pages(visitor.get, "/")}
    finally:
        visitor.choose("nl")
    assert len(found) > 3
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_it_would_see_dutch() -> None:
    page = Reader()
    page.feed(
        '<html lang="en"><h1>Who are you?</h1><p>Kies wat je wilt</p><p lang="nl">Wat is er?</p>'
        "<p>Instellingen opslaan</p><img alt='Wie ben je?'><br><p>and an end, of DKDL 1: Geen</p>"
    )
    assert dutch_of(page) == ["Kies wat je wilt", "Instellingen opslaan", "Wie ben je?"]
