"""All walks, in the order in which the docs show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser

from tests.live.site import Site
from tests.live.walks import State, Walk, clashes, door, filling, offices, pages


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the docs' page, and a folder of pictures."""

    name: str
    title: str
    walks: tuple[Walk, ...]

    def states(self, browser: Browser, site: Site) -> Iterator[State]:
        """Walk them all."""
        for walk in self.walks:
            yield from walk(browser, site)


PARTS = (
    Part("door", "The tablet: getting in", door.WALKS),
    Part("filling", "The tablet: filling in", filling.WALKS),
    Part("clashes", "The tablet: when something gets in between", (*clashes.WALKS, *clashes.OWN_SITE)),
    Part("pages", "The nurse's pages from the server", pages.WALKS),
    Part(
        "offices",
        "Team lead, declarations, administration, privacy, insurer",
        (*offices.OWN_SITE, *offices.WALKS),
    ),
)
