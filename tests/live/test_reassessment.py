"""At whom it is time, in a real browser: the list, the calendar, an event in two taps, settings, paper."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import tablet
from tests.live.site import Site
from tests.live.test_nurse import NURSE, check_page, log_in

ADMINISTRATOR = "fatma@lindeboom.example"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ORIENTATIONS = ({"width": 768, "height": 1024}, {"width": 1024, "height": 768})


@pytest.fixture
def page(browser: Browser, demo_site: Site) -> Iterator[Page]:
    with tablet(browser, demo_site.url) as context:
        yield context.new_page()


def check_both_ways(page: Page) -> None:
    """Check the page upright and lying, light and dark."""
    for size in ORIENTATIONS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            check_page(page)
    page.emulate_media(color_scheme="light")


def test_the_list_and_the_calendar_are_for_everybody(page: Page) -> None:
    log_in(page, NURSE)
    menu = page.get_by_role("navigation", name="Hoofdmenu")
    badge = menu.get_by_role("link", name="Bij wie is het tijd?").locator(".badge")
    waiting = int(badge.inner_text().split()[0])
    menu.get_by_role("link", name="Bij wie is het tijd?").click()
    expect(page.get_by_role("heading", level=1, name="Bij wie is het tijd?")).to_be_visible()
    assert page.locator("main .entry").count() == waiting
    check_both_ways(page)
    page.get_by_role("link", name="Kijk vooruit in de kalender").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("(deze week)")
    check_both_ways(page)
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("link", name="Eerder")).to_be_visible()


def test_two_taps_record_what_happened_and_one_takes_it_back(page: Page) -> None:
    log_in(page, NURSE)
    page.goto("/clienten/?status=current")
    page.get_by_role("link", name="Bekijk").first.click()
    page.get_by_text("Er is iets gebeurd", exact=True).click()
    check_both_ways(page)
    page.get_by_role("button", name="Mantelzorger valt weg").click()
    expect(page.get_by_text("Vastgelegd. Het is tijd voor een nieuwe anamnese.")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("Mantelzorger valt weg")
    check_both_ways(page)
    page.get_by_role("button", name="Klopt niet").click()
    expect(page.locator(".facts").first).not_to_contain_text("Mantelzorger valt weg")


def test_paper_comes_from_the_page_of_a_client(page: Page) -> None:
    log_in(page, NURSE)
    page.goto("/clienten/?status=current")
    page.get_by_role("link", name="Bekijk").first.click()
    for button in ("Op papier", "Uitleg voor de cliënt"):
        address = page.get_by_role("link", name=button).get_attribute("href")
        assert address is not None
        answer = page.request.get(address)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.body().startswith(b"%PDF-")


def test_settings_and_moving_a_client(page: Page) -> None:
    log_in(page, NURSE)
    page.goto("/mijn-instellingen/")
    check_both_ways(page)
    page.get_by_label("Stuur me elke ochtend").check()
    page.get_by_role("button", name="Instellingen opslaan").click()
    expect(page.get_by_label("Stuur me elke ochtend")).to_be_checked()
    page.goto("/clienten/?status=current")
    page.get_by_role("link", name="Bekijk").first.click()
    page.get_by_role("link", name="Gegevens wijzigen").click()
    expect(page.get_by_label("Ander team of andere verzekeraar vanaf")).to_be_visible()
    check_both_ways(page)


def test_a_client_leaves_and_comes_back(page: Page) -> None:
    log_in(page, NURSE)
    page.goto("/clienten/?status=current")
    page.get_by_role("link", name="Bekijk").last.click()
    page.get_by_role("link", name="Gegevens wijzigen").click()
    today = page.evaluate(
        "new Date().toLocaleDateString('nl-NL', {day: '2-digit', month: '2-digit', year: 'numeric'})"
    )
    page.get_by_label("In zorg tot").fill(today)
    page.get_by_role("button", name="Wijzigingen opslaan").click()
    page.get_by_role("link", name="Weer in zorg nemen").click()
    check_both_ways(page)
    page.get_by_role("button", name="Weer in zorg nemen").click()
    expect(page.get_by_text("De cliënt is weer in zorg.")).to_be_visible()
    expect(
        page.get_by_role("link", name="Start anamnese").or_(page.get_by_role("link", name="Verder"))
    ).to_be_visible()


def test_the_administrator_sets_the_months(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.get_by_role("link", name="Organisatie", exact=True).click()
    check_both_ways(page)
    page.get_by_label("Na hoeveel maanden").fill("0")
    page.get_by_role("button", name="Instellingen opslaan").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    check_both_ways(page)
