"""Makes the pictures of the documentation from the running product with demo data: `make screenshots`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from config import environment
from tests.browser import launched
from tests.live.site import Site, new_site

FOLDER = environment.ROOT / "docs" / "screenshots"
LANDSCAPE, PORTRAIT = (1024, 768), (768, 1024)
NURSE, LEAD = "sanne@lindeboom.example", "greetje@lindeboom.example"
OFFICER, INSURER = "daan@lindeboom.example", "marit@meander.example"


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at what size, and how one gets there from the start page."""

    name: str
    email: str
    size: tuple[int, int]
    go: Callable[[Page, Site], None]


def stay(page: Page, site: Site) -> None:
    """The start page itself."""


def to_question(page: Page, site: Site) -> None:
    """Go on with the anamnese that was left half done."""
    page.get_by_role("link", name="Verder").or_(page.get_by_role("button", name="Verder")).first.click()
    page.wait_for_load_state("networkidle")


def to_profile(page: Page, site: Site) -> None:
    """The reasons of a profile of the heaviest group."""
    row = page.locator("main li, main tr").filter(has_text="DKDL 12").first
    row.get_by_role("link").first.click()
    page.get_by_role("link", name="Waarom").first.click()
    page.wait_for_load_state("networkidle")


def to_queue(page: Page, site: Site) -> None:
    """A file that was just read in and worked on."""
    page.goto("/bestanden/inlezen/")
    page.set_input_files("input[type=file]", site.var / "demo" / "declaratie-75999001.txt")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/bestanden/*-*-*-*-*/")
    page.get_by_text("geen grondslag").first.wait_for()
    page.wait_for_load_state("networkidle")


def to_grid(page: Page, site: Site) -> None:
    """The team's profiles in one grid."""
    page.locator("table").last.scroll_into_view_if_needed()


def to_figures(page: Page, site: Site) -> None:
    """What an insurer sees."""
    page.goto("/verzekeraar/cijfers/")
    page.locator("main").get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")


SHOTS = (
    Shot("client-list", NURSE, LANDSCAPE, stay),
    Shot("anamnese", "mo@lindeboom.example", PORTRAIT, to_question),
    Shot("profile", NURSE, LANDSCAPE, to_profile),
    Shot("queue", OFFICER, LANDSCAPE, to_queue),
    Shot("team", LEAD, LANDSCAPE, to_grid),
    Shot("insurer", INSURER, LANDSCAPE, to_figures),
)


def password(site: Site) -> str:
    """Return the password as the start prints it: the demo cannot be imported before Django is set up."""
    printed = re.search(r"Wachtwoord voor iedereen: (\S+)", (site.var / "supervisor.log").read_text())
    assert printed, "the start printed no password"
    return printed[1]


def take(browser: Browser, site: Site, shot: Shot, folder: Path) -> None:
    """Log in on a fresh tablet, go where the picture is, and make it."""
    width, height = shot.size
    context = browser.new_context(
        base_url=site.url, locale="nl-NL", viewport={"width": width, "height": height}, has_touch=True
    )
    page = context.new_page()
    page.goto("/")
    page.fill("input[type=email], input[name=username]", shot.email)
    page.fill("input[type=password]", password(site))
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    shot.go(page, site)
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


def main() -> None:
    """Make every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    site = new_site(demo=True)
    try:
        site.start()
        with launched() as browser:
            for shot in SHOTS:
                take(browser, site, shot, FOLDER)
    finally:
        site.remove()


if __name__ == "__main__":
    main()
