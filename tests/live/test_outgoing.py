"""After a file was made, on the running product: proof, delivery, answers; and the pages of one person."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.live.site import Site
from tests.live.test_exchange import check_page, log_in
from tests.live.test_officer import OFFICER, declaration, send

__all__ = ["declaration"]
INVOICE = slice(80, 92)


def another(declaration: Path, folder: Path, number: str) -> Path:
    """Return the same declaration under another invoice number: another file."""
    content = declaration.read_bytes()
    path = folder / f"{number.lower()}.txt"
    path.write_bytes(content[: INVOICE.start] + number.ljust(12).encode() + content[INVOICE.stop :])
    return path


def made(page: Page, file: Path) -> None:
    """Read a file in, look at the pages of groups and persons on the way, and let it be made."""
    send(page, file)
    make = page.get_by_role("button", name="Bestand met profielen maken")
    expect(make).to_be_enabled(timeout=60_000)
    at = page.url
    page.get_by_role("link", name="Overslaan").first.click()
    check_page(page)
    page.goto(at)
    page.get_by_role("link", name="Geen grondslag : bekijk wie").click()
    page.locator("main .rows a").first.click()
    page.get_by_role("link", name="Overslaan", exact=True).click()
    page.get_by_role("button", name="Overslaan").click()
    check_page(page)
    page.goto(at)
    make.click()
    expect(page.get_by_role("link", name="Bestand ophalen")).to_be_visible(timeout=60_000)


def references(page: Page) -> list[str]:
    """Return the reference numbers of the records that came in, from the list of numbers."""
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Oude en nieuwe nummers").click()
    rows = Path(fetched.value.path()).read_text(encoding="utf-8").splitlines()[1:]
    return [row.split(";")[2] for row in rows if row.startswith(";")]


def test_a_file_is_checked_without_being_kept(page: Page, declaration: Path) -> None:
    log_in(page, OFFICER)
    page.goto("/bestanden/nakijken/")
    check_page(page)
    page.get_by_label("Declaratiebestand").set_input_files(declaration)
    page.get_by_role("button", name="Bestand nakijken").click()
    expect(page.get_by_text("Geen fouten: dit bestand kan worden ingelezen.")).to_be_visible()
    check_page(page)


def test_a_file_is_handed_over_and_answered(
    page: Page,
    declaration: Path,
    tmp_path: Path,
    demo_site: Site,
) -> None:
    log_in(page, OFFICER)
    made(page, another(declaration, tmp_path, "UITGAAND"))
    at = page.url
    numbers = references(page)
    page.get_by_role("link", name="Aanlevering vastleggen").click()
    check_page(page)
    page.get_by_label("Ontvangstnummer").fill("VZ-1")
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("ontvangstnummer VZ-1")).to_be_visible()
    page.get_by_role("link", name="Antwoord voor het hele bestand").click()
    check_page(page)

    answers = tmp_path / "antwoord.csv"
    accepted = "".join(f"{number};aanvaard;\n" for number in numbers[1:])
    answers.write_text(f"referentie;status;reden\n{numbers[0]};afgekeurd;Code onbekend\n{accepted}")
    page.goto("/bestanden/antwoorden/")
    page.get_by_label("Lijst met antwoorden").set_input_files(answers)
    page.get_by_role("button", name="Lijst bekijken").click()
    expect(page.get_by_text("Er is nog niets vastgelegd.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("status").first).to_contain_text("1 afgekeurd")
    check_page(page)
    page.goto(at)
    check_page(page)
    page.get_by_role("link", name="Teruggekomen van de verzekeraar : bekijk wie").click()
    page.locator("main .rows a").first.click()
    expect(page.get_by_text("Code onbekend")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Opnieuw aanbieden").click()
    expect(page.get_by_role("status").first).to_contain_text("het volgende aparte bestand")
    assert demo_site.url in page.url
