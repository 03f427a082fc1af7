"""Sites and tablets. One site serves all tests, each as if it were the first; who breaks it makes its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import tablet
from tests.live.site import Site, new_site

Tablets = Callable[[], BrowserContext]


@pytest.fixture(scope="session")
def shared_site() -> Iterator[Site]:
    """Return the running product that this process uses for every test that does not break it."""
    site = new_site(demo=True)
    site.start()
    yield site
    site.remove()


@pytest.fixture
def demo_site(shared_site: Site) -> Site:
    """Return the running product with demo data in which nobody has done anything yet."""
    shared_site.begin_anew()
    return shared_site


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
