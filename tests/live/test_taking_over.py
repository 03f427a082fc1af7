"""A colleague goes on with a draft: from the client's page, asked first, looked at in both positions."""

from playwright.sync_api import Browser, Page, expect

from tests.browser import accessibility_problems, tablet
from tests.live.site import Site
from tests.live.tablet_app import LYING, NURSE, TEAM_LEAD, UPRIGHT
from tests.live.test_nurse import begin, log_in, tap


def test_a_colleague_takes_a_draft_over(browser: Browser, demo_site: Site) -> None:
    with tablet(browser, demo_site.url) as hers, tablet(browser, demo_site.url) as his:
        page, other = hers.new_page(), his.new_page()
        log_in(page, NURSE)
        begin(page)
        tap(page, "Q2-1")
        expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
        log_in(other, TEAM_LEAD)
        other.locator("summary").filter(has_text="Teamleider").click()
        other.get_by_role("button", name="Wijkverpleegkundige").click()
        other.goto(page.locator("a.back").get_attribute("href") or "")
        expect(other.get_by_text("Sanne de Vries heeft een concept van")).to_be_visible()
        check(other)
        other.get_by_role("link", name="Neem het over").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Dit concept overnemen?")
        check(other)
        other.get_by_role("button", name="Neem het over").click()
        expect(other.get_by_text("Het concept is nu van jou.")).to_be_visible()
        expect(other.locator("#Q2-1")).to_be_checked()


def check(page: Page) -> None:
    """Axe finds nothing wrong and nothing scrolls sideways, upright and lying."""
    for size in (UPRIGHT, LYING):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert accessibility_problems(page) == []
