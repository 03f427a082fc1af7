"""Sites and tablets. Reading tests share one site; a test that breaks things makes its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import tablet
from tests.live.site import Site, new_site

Tablets = Callable[[], BrowserContext]


@pytest.fixture(scope="module")
def demo_site() -> Iterator[Site]:
    """Return the running product with demo data, shared by the tests of a file: they use up who waits."""
    site = new_site(demo=True)
    site.start()
    yield site
    site.remove()


@pytest.fixture
def make_site() -> Iterator[Callable[[bool], Site]]:
    """Return a maker of running sites of one's own: `make_site(True)` with demo data, or without."""
    made: list[Site] = []

    def make(demo: bool) -> Site:
        made.append(new_site(demo=demo))
        made[-1].start()
        return made[-1]

    yield make
    for site in made:
        site.remove()


@pytest.fixture
def page(browser: Browser, demo_site: Site) -> Iterator[Page]:
    """Return a page on a fresh tablet; addresses may be given from the slash on."""
    with tablet(browser, demo_site.url) as context:
        yield context.new_page()
