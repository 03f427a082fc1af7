"""The tablet's app as a nurse uses it: what she taps, and what she reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from declarations.demo.people import PASSWORD
from tests.browser import accessibility_problems, tablet
from tests.live.site import Site

NURSE, COLLEAGUE, TEAM_LEAD = "sanne@lindeboom.example", "mo@lindeboom.example", "greetje@lindeboom.example"
OFFICER = "daan@lindeboom.example"
PIN, OTHER_PIN = "314159", "271828"
LYING, UPRIGHT = ViewportSize(width=1024, height=768), ViewportSize(width=768, height=1024)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

#: One screen after the other: what is tapped for DKDL 2, without technical care.
SCREENS = {
    "Om te beginnen": ("Q2-1", "Q3-1"),
    "Draagkracht": ("Q4-1", "Q5-1", "Q6-1"),
    "Draaglast": ("Q7-1", "Q8-1"),
    "Ondersteuningsbehoefte": ("Q9-1", "Q10-3", "Q11-1"),
    "Verpleegtechnische zorg": ("Q12-1",),
}
LIST, REVIEW, RESULT = "Bij wie ga je langs?", "Klopt alles?", "Waarom dit profiel?"


@dataclass
class App:
    """One tab with the app; counts the taps that the nurse needs."""

    page: Page
    taps: int = field(default=0)

    def tap(self, name: str, role: Literal["button", "link"] = "button") -> None:
        """Tap a button or link."""
        self.page.get_by_role(role, name=name).first.click()
        self.taps += 1

    def choose(self, *answers: str) -> None:
        """Tap options, such as Q4-2, by their cards."""
        for answer in answers:
            self.page.locator(f"label[for={answer}]").click()
            self.taps += 1

    def expect_heading(self, words: str) -> None:
        """Wait for the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def expect_line(self, words: str) -> None:
        """Wait until the honest line says so."""
        expect(self.page.locator(".tablet-state")).to_contain_text(words)
        if words.startswith("Alles verzonden"):
            # What is on its way for a moment leaves the line in peace.
            expect(self.page.locator("#stand")).to_have_attribute("data-unsent", "0")
            expect(self.page.locator(".tablet-state")).to_contain_text(words)

    def log_in(self, email: str = NURSE) -> None:
        """Log in with the password, whoever is logged in."""
        self.page.context.clear_cookies(name="sessionid")
        self.page.goto("/inloggen/?next=/tablet/")
        self.give_password(email)

    def give_password(self, email: str) -> None:
        """Fill in the log-in page."""
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Inloggen").click()

    def choose_pin(self, pin: str = PIN) -> None:
        """Choose a PIN, the first time on this tablet."""
        self.expect_heading("Kies een pincode voor dit toestel")
        self.page.get_by_label("Pincode").fill(pin)
        self.page.get_by_label("Nog een keer").fill(pin)
        self.tap("Bewaar de pincode")

    def enter(self, email: str = NURSE, pin: str = PIN) -> None:
        """Come in for the first time."""
        self.log_in(email)
        self.choose_pin(pin)
        self.expect_heading(LIST)
        self.taps = 0

    def unlock(self, pin: str = PIN, initials: str = "SdV") -> None:
        """Come in by the PIN, as the nurse with these initials."""
        self.expect_heading("Geef je pincode")
        expect(self.page.get_by_text(f"Op dit toestel als {initials}.")).to_be_visible()
        self.page.get_by_label("Pincode").fill(pin)

    def begin(self) -> str:
        """Start with the first client who waits, or when nobody does with another; returns the name."""
        self.expect_heading(LIST)
        row = self.page.locator(".entry").filter(has=self.page.get_by_role("link", name="Start")).first
        if not row.count():
            return self._begin_with_somebody_else()
        name = row.locator(".entry-title").text_content() or ""
        row.get_by_role("link", name="Start").click()
        self.taps += 1
        self.expect_heading("Om te beginnen")
        return name

    def _begin_with_somebody_else(self) -> str:
        others = self.page.locator(".entry").filter(has=self.page.get_by_role("link", name="Bekijk"))
        for at in reversed(range(others.count())):
            name = others.nth(at).locator(".entry-title").text_content() or ""
            others.nth(at).locator(".entry-title").click()
            self.tap("Nieuwe anamnese", "link")
            expect(self.page.get_by_role("heading", level=1)).not_to_have_text(name)
            if self.page.get_by_role("heading", level=1).inner_text() == "Om te beginnen":
                return name
            self.page.goto("/tablet/#/clienten")
            self.expect_heading(LIST)
        raise AssertionError("everybody has an anamnese of today")

    def fill_in(self, *, until: str = REVIEW) -> None:
        """Answer screen after screen up to the one with this heading."""
        for heading, answers in SCREENS.items():
            if heading == until:
                break
            self.expect_heading(heading)
            self.choose(*answers)
        self.expect_heading(until)

    def finish(self) -> None:
        """Finish what was read over."""
        self.tap("Afronden")
        self.expect_heading(RESULT)

    def check(self) -> None:
        """Axe finds nothing wrong and nothing scrolls sideways, light and dark, lying and upright."""
        for size in (UPRIGHT, LYING):
            self.page.set_viewport_size(size)
            assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            for scheme in SCHEMES:
                # Colours that are on their way from light to dark are neither.
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert (size, scheme, accessibility_problems(self.page)) == (size, scheme, [])


@contextmanager
def device(browser: Browser, site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """Take a tablet with nothing on it."""
    with tablet(browser, site.url) as context:
        yield context, App(context.new_page())
