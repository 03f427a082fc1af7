"""The tablet in English: for who chose it with her account, and without connection too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, PIN, App, device

ENGLISH_LIST = "Who are you going to visit?"
IS_KEPT = "navigator.serviceWorker.ready.then((found) => Boolean(found.active))"


@pytest.fixture
def nurse_in_english(browser: Browser, demo_site: Site) -> Iterator[App]:
    """A tablet on which a nurse has a PIN, and who then chose English; the site is Dutch again afterwards."""
    with device(browser, demo_site) as (_context, app):
        app.enter()
        assert app.page.evaluate(IS_KEPT)
        choose(app.page, "English")
        yield app
        app.page.context.set_offline(False)
        choose(app.page, "Nederlands")


def choose(page: Page, language: str) -> None:
    page.goto("/mijn-instellingen/")
    page.get_by_role("button", name=language).click()
    expect(page.get_by_role("button", name=language)).to_have_count(0)


def unlock(page: Page) -> None:
    page.goto("/tablet/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your PIN")
    page.get_by_label("PIN", exact=True).fill(PIN)


def test_she_works_in_english_without_connection(nurse_in_english: App) -> None:
    app = nurse_in_english
    unlock(app.page)
    app.expect_heading(ENGLISH_LIST)
    app.expect_line("Everything sent")
    app.page.context.set_offline(True)
    unlock(app.page)
    app.expect_heading(ENGLISH_LIST)
    expect(app.page.locator("html")).to_have_attribute("lang", "en")
    expect(app.page.get_by_role("navigation", name="Main menu")).to_contain_text("This device")
    app.check()
    app.page.locator(".entry").get_by_role("link", name="Start").first.click()
    question = app.page.locator("fieldset").first
    expect(question.locator("legend")).to_have_attribute("lang", "nl")
    expect(app.page.locator(".lead")).to_contain_text("Assessment of")
    app.check()


def test_the_door_and_the_pages_are_dutch_again_after_dutch_was_chosen(nurse_in_english: App) -> None:
    app = nurse_in_english
    unlock(app.page)
    app.expect_heading(ENGLISH_LIST)
    choose(app.page, "Nederlands")
    app.page.goto("/tablet/")
    app.unlock()
    app.expect_heading(LIST)
    expect(app.page.locator("html")).to_have_attribute("lang", "nl")
    choose(app.page, "English")
