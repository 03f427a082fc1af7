"""Every state of every page, walked to as people get there: looked at by axe, and photographed for the docs.

A walk is a generator: where it yields, the page stands in a state that somebody can meet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import tablet
from tests.live.site import Site
from tests.live.tablet_app import App


@dataclass(frozen=True, slots=True)
class State:
    """A page as somebody meets it. `caption` is for the docs; `whole`: too much for one screen."""

    name: str
    caption: str
    page: Page
    whole: bool = False


Walk = Callable[[Browser, Site], Iterator[State]]


@contextmanager
def taken(browser: Browser, site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """Take a tablet on which the nurse has just come in."""
    with tablet(browser, site.url) as context:
        app = App(context.new_page())
        app.enter()
        yield context, app
