"""The grounds under sending, and separate files, in a browser on the running product with its demo."""

from playwright.sync_api import Page, expect

from tests.live.test_exchange import ADMINISTRATOR, ADMINISTRATOR_ELSEWHERE, check_page, log_in
from tests.live.test_officer import OFFICER
from tests.waiting import wait_until


def test_an_officer_sees_what_waits_and_what_went_apart(page: Page) -> None:
    log_in(page, OFFICER)
    expect(page.get_by_text("Er eindigt bijna een grondslag.")).to_be_visible()
    page.get_by_role("link", name="Aparte bestanden").first.click()
    page.get_by_text("Wanneer gaat een profiel in een apart bestand?").click()
    check_page(page)
    page.locator("main .rows a.entry-title").last.click()
    expect(page.get_by_role("link", name="Bestand ophalen")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="bekijk ze per regel").click()
    check_page(page)


def test_an_officer_has_a_separate_file_made_and_is_led_to_it(page: Page) -> None:
    """Who consented after the file had gone waits once the round has looked; then a worker makes the file."""
    log_in(page, OFFICER)
    make = page.get_by_role("button", name="Apart bestand maken")
    wait_until(lambda: page.goto("/bestanden/apart/") is not None and make.count() == 1, within=40.0)
    make.click()
    expect(page.get_by_text("Het aparte bestand is gemaakt.")).to_be_visible(timeout=30_000)
    check_page(page)


def test_an_officer_looks_at_tables_and_at_who_stopped(page: Page) -> None:
    log_in(page, OFFICER)
    page.goto("/grondslagen/codetabellen/")
    check_page(page)
    page.get_by_role("link", name="Waterkant").click()
    page.get_by_text("Zorgverzekeraar Meander").click()
    expect(page.get_by_role("columnheader", name="Straks").first).to_be_visible()
    check_page(page)
    for address in ("/grondslagen/codetabellen/nieuw/", "/grondslagen/gestopt/"):
        page.goto(address)
        check_page(page)


def test_an_administrator_sees_evidence_and_what_is_agreed(page: Page) -> None:
    log_in(page, ADMINISTRATOR_ELSEWHERE)
    page.goto("/grondslagen/")
    page.get_by_role("link", name="Toestemmingsformulier cliëntprofielen", exact=True).click()
    expect(page.get_by_text("Archief kwaliteit, map 12")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Bewijs bewaren").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies een bestand")
    check_page(page)
    page.goto("/grondslagen/")
    page.get_by_role("link", name="Wijzigen").last.click()
    expect(page.get_by_label("In een apart bestand")).to_be_checked()
    check_page(page)


def test_a_phase_is_planned_after_a_look_at_what_it_means(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.goto("/organisatie/fasen/")
    check_page(page)
    page.get_by_role("button", name="Bekijk wat dit betekent").click()
    expect(page.get_by_text("Er is nog niets vastgelegd.")).to_be_visible()
    check_page(page)
