"""The app while the tablet's storage is closed, filled or wiped under it, and its clock is set back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live.site import Site
from tests.live.tablet_app import RESULT, REVIEW, App, device

WATCH = """{
    window.handles = new Set();
    const ask = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given) {
        window.handles.add(this);
        return ask.apply(this, given);
    };
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
        if (window.isFull) throw new DOMException('vol', 'QuotaExceededError');
        return put.apply(this, given);
    };
}"""
CLOSE = "for (const each of window.handles) each.close()"
KEPT = "Bewaard op dit toestel"


@pytest.fixture
def taken(browser: Browser, demo_site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """A tablet without connection, on the first screen of an anamnese."""
    with device(browser, demo_site) as (context, app):
        app.page.add_init_script(WATCH)
        app.enter()
        app.begin()
        context.set_offline(True)
        yield context, app


@pytest.fixture
def app(taken: tuple[BrowserContext, App]) -> App:
    """The app on it."""
    return taken[1]


def kept(page: Page) -> None:
    expect(page.locator("#bewaard")).to_contain_text(KEPT)


def test_storage_closed_by_the_system_stops_neither_tap_nor_lock_nor_finish(app: App) -> None:
    app.page.evaluate(CLOSE)
    app.choose("Q2-1")
    kept(app.page)
    app.page.evaluate(CLOSE)
    app.tap("Vergrendel")
    app.unlock()
    app.expect_heading("Om te beginnen")
    expect(app.page.locator("#Q2-1")).to_be_checked()
    app.choose("Q3-2")
    app.expect_heading(REVIEW)
    app.page.evaluate(CLOSE)
    app.tap("Afronden")
    app.expect_heading(RESULT)


def test_a_full_tablet_is_locked_and_opened_without_losing_an_answer(app: App) -> None:
    app.page.evaluate("window.isFull = true")
    app.choose("Q2-1")
    expect(app.page.locator("#bewaard")).to_contain_text("Niet bewaard")
    app.tap("Vergrendel")
    app.expect_line("Sluit Draagvlak niet")
    app.unlock()
    app.expect_heading("Om te beginnen")
    expect(app.page.locator("#Q2-1")).to_be_checked()
    app.page.evaluate("window.isFull = false")
    app.choose("Q3-2")
    app.expect_heading(REVIEW)
    app.page.reload()
    app.unlock()
    app.tap("Verder")
    app.expect_heading(REVIEW)


def test_wiped_storage_is_told_at_once_and_what_was_open_is_kept_and_sent(
    taken: tuple[BrowserContext, App],
) -> None:
    context, app = taken
    app.choose("Q2-1")
    kept(app.page)
    app.page.evaluate("void indexedDB.deleteDatabase('draagvlak-tablet')")
    expect(app.page.get_by_text("De browser heeft gewist")).to_be_visible()
    expect(app.page.locator("#Q2-1")).to_be_checked()
    context.set_offline(False)
    app.expect_line("Alles verzonden")
    app.page.reload()
    app.unlock()
    app.tap("Verder")
    expect(app.page.locator("#Q2-1")).to_be_checked()


def test_a_clock_that_was_set_back_is_told_and_dates_nothing_in_the_past(app: App) -> None:
    today = app.page.locator("p.lead").first.inner_text()
    app.page.goto("/tablet/#/clienten")
    app.page.evaluate("{ const real = Date.now; Date.now = () => real() - 90 * 24 * 3600e3; }")
    app.page.get_by_role("link", name="Start").first.click()
    app.expect_heading("Van welke dag is deze anamnese?")
    expect(app.page.get_by_text("De klok van dit toestel staat vóór het laatste contact")).to_be_visible()
    app.tap("Bewaar de datum")
    app.expect_heading("Om te beginnen")
    assert app.page.locator("p.lead").first.inner_text() == today
