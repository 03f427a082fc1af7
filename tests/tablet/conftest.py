"""A tablet with nothing on it, and the modules in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import tablet
from tests.tablet.pages import Called, open_calls, script_site


@pytest.fixture(scope="session")
def script_port() -> Iterator[int]:
    """Return where the modules are served."""
    with script_site() as port:
        yield port


@pytest.fixture
def device(browser: Browser) -> Iterator[BrowserContext]:
    """Return a fresh tablet. An error in a script fails the test."""
    with tablet(browser) as context:
        yield context


@pytest.fixture
def modules(device: BrowserContext, script_port: int) -> Called:
    """Return the modules, to be called from here."""
    return open_calls(device, script_port)
