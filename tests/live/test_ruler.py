"""One record under the byte ruler, and the trail of a profile, in a browser: by keyboard, both ways up."""

import re

from playwright.sync_api import Page, expect

from tests.live.test_exchange import check_page, log_in

OFFICER, NURSE = "daan@lindeboom.example", "sanne@lindeboom.example"


def open_sent_file(page: Page) -> None:
    log_in(page, OFFICER)
    page.goto("/bestanden/")
    page.locator("main .entry-title").last.click()
    page.get_by_role("link", name="bekijk ze per regel").click()


def test_a_record_is_read_by_keyboard_and_by_touch(page: Page) -> None:
    open_sent_file(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat staat er op regel 1?")
    check_page(page)
    page.get_by_role("link", name="Volgende regel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat staat er op regel 2?")
    check_page(page)

    page.get_by_role("region", name="De regel onder de liniaal, 310 posities").focus()
    page.keyboard.press("Tab")
    first = page.get_by_role("link", name="0201 Kenmerk record, positie 1-2")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#veld-0201$"))
    page.get_by_role("link", name=re.compile("^0203 ")).first.tap()
    expect(page).to_have_url(re.compile("#veld-0203$"))


def test_a_nurse_reads_where_a_profile_went(page: Page) -> None:
    log_in(page, NURSE)
    page.goto("/clienten/")
    clients = page.locator("main a.entry-title")
    addresses = [clients.nth(at).get_attribute("href") for at in range(clients.count())]
    for address in addresses:
        page.goto(address or "")
        why = page.get_by_role("link", name="Waarom")
        if not why.count():
            continue
        why.first.click()
        page.get_by_role("link", name="Waar ging het heen?").click()
        if page.get_by_text("In het bestand gezet, als regel").count():
            break
    expect(page.get_by_text("In het bestand gezet, als regel").first).to_be_visible()
    expect(page.get_by_text("Anamnese afgerond, door").first).to_be_visible()
    check_page(page)
