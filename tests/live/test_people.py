"""People, teams, clients and the access log, in a browser on the running product."""

from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from declarations.demo.people import PASSWORD
from tests.browser import accessibility_problems, tablet
from tests.live.site import Site

ADMINISTRATOR = "fatma@lindeboom.example"
PRIVACY_OFFICER = "iris@lindeboom.example"
LANDSCAPE, PORTRAIT = (1024, 768), (768, 1024)
WORDS = "een zin die ik onthoud"


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.context.clear_cookies()
    page.goto("/inloggen/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Inloggen").click()


def check_page(page: Page) -> None:
    """Check the page as it is: accessible, and nothing scrolls sideways whichever way the tablet is held."""
    for width, height in (LANDSCAPE, PORTRAIT):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        assert accessibility_problems(page) == [], page.url


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_wrong_password_is_told_and_read_out(page: Page) -> None:
    page.goto("/inloggen/")
    check_page(page)
    log_in(page, ADMINISTRATOR, "fout wachtwoord")
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mailadres")).to_have_value(ADMINISTRATOR)
    check_page(page)


def test_somebody_new_gets_a_link_sets_a_password_and_works(
    page: Page, browser: Browser, demo_site: Site
) -> None:
    email = f"nieuw-{uuid4().hex[:8]}@lindeboom.example"
    log_in(page, ADMINISTRATOR)
    heading(page, "Wie werkt hier, in welke rol?")
    check_page(page)
    page.get_by_role("link", name="Iemand toevoegen").click()
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_role("alert")).to_contain_text("2 dingen")
    check_page(page)
    page.get_by_label("Naam").fill("Roos Nieuwenhuis")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_text("Team Noord").click()
    page.get_by_role("button", name="Toevoegen").click()
    heading(page, "Geef deze link aan Roos Nieuwenhuis")
    check_page(page)
    link = page.get_by_label("Link").input_value()

    with tablet(browser, demo_site.url) as context:
        other = context.new_page()
        other.goto(link)
        heading(other, "Kies je wachtwoord")
        check_page(other)
        other.get_by_label("Nieuw wachtwoord").fill(WORDS)
        other.get_by_label("Nog een keer").fill(WORDS)
        other.get_by_role("button", name="Wachtwoord opslaan").click()
        # Where a nurse lands on a device that is tapped.
        expect(other).to_have_url(f"{demo_site.url}/tablet/")
        other.goto(link)
        heading(other, "Deze link werkt niet meer")
        check_page(other)

    page.get_by_role("link", name="Klaar").click()
    check_page(page)
    page.get_by_role("button", name="Uitzetten").click()
    expect(page.get_by_role("status")).to_contain_text("De rol staat uit")
    check_page(page)


def test_what_an_administrator_changes_is_reached_and_readable(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.locator("li.entry").filter(has_text="Wijkverpleegkundige").get_by_role("link").first.click()
    page.locator("a.entry-title").first.click()
    heading(page, "Voor welke teams geldt deze rol?")
    check_page(page)
    page.go_back()
    page.get_by_role("link", name="Nog een rol geven").click()
    check_page(page)
    page.get_by_role("link", name="Teams").click()
    check_page(page)
    page.get_by_role("link", name="Team toevoegen").click()
    check_page(page)
    page.goto("/wachtwoord/")
    check_page(page)


def test_a_client_is_found_changed_and_the_privacy_officer_sees_who_did(page: Page) -> None:
    log_in(page, ADMINISTRATOR)
    page.get_by_role("link", name="Cliënten").click()
    check_page(page)
    page.get_by_role("link", name="Cliënt toevoegen").click()
    check_page(page)
    page.get_by_role("button", name="Cliënt toevoegen").click()
    expect(page.get_by_role("alert")).to_contain_text("BSN: Dit veld is verplicht.")
    page.get_by_role("link", name="Achternaam: Dit veld is verplicht.").click()
    expect(page.get_by_label("Achternaam")).to_be_focused()
    check_page(page)
    add_client(page, "Veldhuizen")
    page.get_by_label("Geboortedatum").fill("14-02-1933")
    page.get_by_role("button", name="Zoeken").click()
    page.get_by_role("link", name="T. Veldhuizen").click()
    heading(page, "Wat verandert er bij T. Veldhuizen?")
    check_page(page)
    page.get_by_role("link", name="Bezwaar of toestemming vastleggen").click()
    check_page(page)
    page.get_by_text("De cliënt maakt bezwaar").click()
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("status")).to_contain_text("Vastgelegd")

    log_in(page, PRIVACY_OFFICER)
    heading(page, "Wie zag welk dossier?")
    check_page(page)
    page.get_by_text("Zoek op één cliënt").click()
    page.get_by_label("BSN").fill(BSN)
    page.get_by_role("button", name="Zoek deze cliënt").click()
    heading(page, "Wie zag het dossier van T. Veldhuizen?")
    expect(page.get_by_role("row").filter(has_text="wijzigde de gegevens")).to_have_count(2)
    check_page(page)


BSN = "999912343"


def add_client(page: Page, surname: str) -> None:
    page.get_by_label("BSN").fill(BSN)
    page.get_by_label("Voorletters").fill("T.")
    page.get_by_label("Achternaam").fill(surname)
    page.get_by_label("Geboortedatum").fill("14-02-1933")
    page.get_by_label("Geslacht").select_option("2")
    page.get_by_label("Zorgverzekeraar").select_option(index=1)
    page.get_by_label("Team").select_option(index=1)
    page.get_by_role("button", name="Cliënt toevoegen").click()
    expect(page.get_by_role("status")).to_contain_text("De cliënt is toegevoegd.")
    heading(page, "Welke cliënt zoek je?")
