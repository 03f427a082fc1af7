"""What goes out, in a browser on the running product: files, figures, and the say over both."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declarations.demo.people import PASSWORD
from tests.browser import accessibility_problems

INSURER = "marit@meander.example"
OTHER_INSURER = "bas@waterkant.example"
ADMINISTRATOR = "fatma@lindeboom.example"
ADMINISTRATOR_ELSEWHERE = "joost@zilverdijk.example"
PRIVACY_OFFICER = "iris@lindeboom.example"
LANDSCAPE, PORTRAIT = (1024, 768), (768, 1024)


def log_in(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/inloggen/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page).not_to_have_url("/inloggen/")


def check_page(page: Page) -> None:
    """Check the page as it is: accessible, and nothing scrolls sideways whichever way the tablet is held."""
    for width, height in (LANDSCAPE, PORTRAIT):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert accessibility_problems(page) == []


def test_an_insurer_fetches_a_file_and_the_organisation_can_see_that(page: Page, tmp_path: Path) -> None:
    log_in(page, INSURER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welke declaratiebestanden kun je ophalen?")
    check_page(page)
    row = page.get_by_role("listitem").filter(has_text="Thuiszorg De Lindeboom").last
    row.get_by_text("Controlegetal").click()
    checksum = row.locator("code").inner_text()
    with page.expect_download() as fetched:
        row.get_by_role("link", name="Ophalen").click()
    fetched.value.save_as(tmp_path / "file")
    assert fetched.value.suggested_filename.endswith("-met-profielen.txt")
    assert hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest() == checksum

    log_in(page, PRIVACY_OFFICER)
    page.get_by_role("link", name="Opgehaald").click()
    expect(page.get_by_role("row").filter(has_text="Marit Oosterhuis").first).to_contain_text(
        "Declaratiebestand met profielen"
    )
    check_page(page)


def test_an_insurer_reads_figures_with_small_numbers_hidden(page: Page) -> None:
    log_in(page, INSURER)
    page.get_by_role("link", name="Cijfers").click()
    check_page(page)
    page.get_by_role("link", name="Thuiszorg De Lindeboom", exact=True).click()
    expect(page.locator("table.grid td strong")).to_have_count(16)
    expect(page.get_by_text("<10", exact=True).first).to_be_visible()
    page.get_by_text("Dezelfde cijfers als tabel").click()
    expect(page.get_by_role("cell", name="minder dan 10").first).to_be_visible()
    check_page(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Ophalen als CSV").click()
    lines = Path(fetched.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 17


def test_another_insurer_sees_empty_pages_that_say_why(page: Page) -> None:
    log_in(page, OTHER_INSURER)
    expect(page.get_by_role("heading", name="Nog geen bestanden")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Cijfers").click()
    expect(page.get_by_role("heading", name="Nog geen cijfers")).to_be_visible()


def test_an_administrator_releases_figures_once_they_were_looked_at(page: Page) -> None:
    log_in(page, ADMINISTRATOR_ELSEWHERE)
    page.get_by_role("link", name="Cijfers", exact=True).click()
    check_page(page)
    page.get_by_role("link", name="Zorgverzekeraar Meander", exact=True).click()
    check_page(page)
    page.get_by_role("button", name="Vrijgeven aan Zorgverzekeraar Meander").click()
    expect(page.get_by_text("De cijfers zijn vrijgegeven")).to_have_count(0)
    page.get_by_label("Ik heb deze cijfers bekeken").check()
    page.get_by_role("button", name="Vrijgeven aan Zorgverzekeraar Meander").click()
    expect(page.get_by_role("status")).to_contain_text("De cijfers zijn vrijgegeven")

    log_in(page, INSURER)
    page.get_by_role("link", name="Cijfers").click()
    expect(page.get_by_role("link", name="Wijkzorg Zilverdijk", exact=True)).to_be_visible()


def test_an_administrator_sees_why_codes_go_along_or_not(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.get_by_role("link", name="Grondslagen", exact=True).click()
    meander = page.get_by_role("region", name="Zorgverzekeraar Meander")
    waterkant = page.get_by_role("region", name="Zorgverzekeraar Waterkant")
    expect(meander).to_contain_text("De profielcode gaat mee bij de declaratie")
    expect(waterkant).to_contain_text("Er gaat niets mee: verzenden staat uit.")
    page.get_by_text("Waarom is hier een grondslag voor nodig?").click()
    check_page(page)


@pytest.mark.parametrize("door", ["Grondslag toevoegen", "Aanzetten", "Beëindigen"])
def test_an_administrators_forms_are_accessible(page: Page, door: str) -> None:
    log_in(page, ADMINISTRATOR)
    page.get_by_role("link", name="Grondslagen", exact=True).click()
    page.get_by_role("link", name=door).first.click()
    expect(page.get_by_role("button", name="vastleggen")).to_be_visible()
    check_page(page)


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.goto("/grondslagen/nieuw/")
    page.get_by_label("Verwijzing").fill("Wet Voorbeeld, artikel 3")
    page.get_by_role("button", name="Grondslag vastleggen").click()
    expect(page.get_by_role("alert")).to_contain_text("Zorgverzekeraar")
    expect(page.get_by_label("Verwijzing")).to_have_value("Wet Voorbeeld, artikel 3")
    check_page(page)
