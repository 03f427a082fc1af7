"""A tablet with nothing on it, the modules loaded, and a server in the test's hands."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import tablet
from tests.tablet.pages import OK, Answers, Tab, listen, open_tab, script_site
from tests.tablet.sending import OPEN, PUT


@pytest.fixture(scope="session")
def script_address() -> Iterator[str]:
    """Return where the modules are served."""
    with script_site() as address:
        yield address


@pytest.fixture
def device(browser: Browser) -> Iterator[BrowserContext]:
    """Return a fresh tablet. An error in a script fails the test."""
    with tablet(browser) as context:
        yield context


@pytest.fixture
def server(device: BrowserContext) -> Answers:
    """Return the server, which takes everything in unless told otherwise."""
    answers = Answers(queue=[OK])
    listen(device, answers)
    return answers


@pytest.fixture
def new_tab(device: BrowserContext, script_address: str) -> Callable[[], Tab]:
    """Return what opens another tab of the tablet."""
    return lambda: open_tab(device, script_address)


@pytest.fixture
def tab(new_tab: Callable[[], Tab]) -> Tab:
    """Return the first tab."""
    return new_tab()


@pytest.fixture
def at_work(tab: Tab, server: Answers) -> Tab:
    """Return a tab with one draft that has not been sent."""
    tab.run(OPEN)
    tab.run(PUT)
    return tab
