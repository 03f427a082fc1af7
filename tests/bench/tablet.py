"""How soon the tablet's app can be used: CPU six times slower, a line of 400 kbit/s."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.bench.figures import Figure

SLOWER, BYTES_A_SECOND, LATENCY = 6, 400_000 / 8, 40
LIMITS = {
    "first visit": 2.0,
    "opening without connection": 1.0,
    "client list": 1.0,
    "one question screen": 1.0,
    "result": 1.0,
}
ROUNDS = 3


def measure() -> Iterator[Figure]:
    """Yield the medians: the first visit ever, opening without connection, and one page after another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from tests.browser import launched
    from tests.live.site import new_site

    site = new_site(demo=True)
    try:
        site.start()
        with launched() as browser:
            rounds = [_round(browser, site.url) for _number in range(ROUNDS)]
    finally:
        site.remove()
    for (name, most), found in zip(LIMITS.items(), zip(*rounds, strict=True), strict=True):
        yield Figure(f"tablet, {name}, until it can be used", median(found), "s", most=most)


def _round(browser: Browser, url: str) -> tuple[float, ...]:
    from tests.live.tablet_app import LIST, PIN, RESULT, App

    context = browser.new_context(base_url=url, locale="nl-NL", has_touch=True)
    with _timed() as first:
        _first_visit(context)
    app = App(context.new_page())
    app.enter()
    app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    slow(app.page)
    with _timed() as offline:
        app.page.reload()
        app.page.locator("#pin").wait_for()
    app.page.locator("#pin").fill(PIN)
    with _timed() as listed:
        app.tap("Open")
        app.expect_heading(LIST)
    with _timed() as screen:
        app.begin()
    app.fill_in()
    with _timed() as result:
        app.tap("Afronden")
        app.expect_heading(RESULT)
    context.close()
    return tuple(one[0] for one in (first, offline, listed, screen, result))


def _first_visit(context: BrowserContext) -> None:
    page = context.new_page()
    slow(page)
    page.goto("/tablet/")
    page.get_by_role("button", name="Inloggen").wait_for()
    page.close()


def slow(page: Page) -> CDPSession:
    """Make a page's tablet and line slow."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND, "latency": LATENCY}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False} | line)
    return session


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Give the seconds that the work inside takes, once it is done."""
    seconds: list[float] = []
    start = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - start)
