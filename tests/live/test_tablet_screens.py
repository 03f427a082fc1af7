"""What a nurse sees of a screen at once, what it keeps to itself, and what it asks before it acts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.site import Site
from tests.live.tablet_app import LYING, NURSE, PIN, UPRIGHT, App
from tests.live.test_nurse import begin, give, log_in
from tests.live.walks import taken

#: How many screens of the tablet a page takes.
SCREENS_TALL = "document.documentElement.scrollHeight / innerHeight"
CHANGES = """() => {
    window.changes = [];
    const line = document.getElementById('stand');
    new MutationObserver(() => window.changes.push(line.innerText)).observe(line, { childList: true });
}"""


@pytest.fixture
def app(browser: Browser, demo_site: Site) -> Iterator[App]:
    """A nurse who has just come in."""
    with taken(browser, demo_site) as (_context, app):
        yield app


def is_whole_in_sight(page: Page, question: str) -> bool:
    """Say whether a question stands on the screen with its last option, above the bar."""
    below = page.locator(f"#{question} .option").last.bounding_box()
    bar = page.locator(".bottom-bar").bounding_box()
    assert below
    assert bar
    return below["y"] + below["height"] <= bar["y"]


def test_lying_a_question_with_four_options_is_in_sight(app: App) -> None:
    app.begin()
    app.fill_in(until="Ondersteuningsbehoefte")
    app.page.set_viewport_size(LYING)
    assert is_whole_in_sight(app.page, "Q9")


def test_lying_it_is_in_sight_on_the_servers_page_too(page: Page) -> None:
    log_in(page, NURSE)
    page.set_viewport_size(LYING)
    begin(page)
    give(page, "Q2-1", "Q3-1", then="Draagkracht")
    give(page, "Q4-1", "Q5-1", "Q6-1", then="Draaglast")
    give(page, "Q7-1", "Q8-1", then="Ondersteuningsbehoefte")
    assert is_whole_in_sight(page, "Q9")


def test_the_result_takes_two_screens_at_most_and_says_it_to_the_client_offline(app: App) -> None:
    app.page.context.set_offline(True)
    app.begin()
    app.fill_in()
    app.finish()
    expect(app.page.locator(".why-plain li")).to_have_count(3)
    for size in (UPRIGHT, LYING):
        app.page.set_viewport_size(size)
        assert app.page.evaluate(SCREENS_TALL) <= 2
    for folded in app.page.locator("details.more").all():
        assert folded.get_attribute("open") is None
    app.page.context.set_offline(False)


def test_no_name_of_a_client_gets_into_the_history_of_the_browser(app: App) -> None:
    name = app.page.locator(".entry-title").first.inner_text()
    app.page.locator(".entry-title").first.click()
    app.expect_heading(name)
    assert app.page.title() == "Cliënt · Draagvlak"


def test_the_date_of_birth_stands_on_every_screen_of_a_client(app: App) -> None:
    app.begin()
    expect(app.page.locator(".who")).to_contain_text("geboren")
    app.fill_in()
    expect(app.page.locator(".who")).to_contain_text("geboren")
    app.finish()
    expect(app.page.locator(".who")).to_contain_text("geboren")


def test_the_pin_opens_at_its_last_digit_by_keys_that_no_password_manager_knows(app: App) -> None:
    app.tap("Vergrendel")
    app.expect_heading("Geef je pincode")
    page = app.page
    expect(page.locator("input[type=password]")).to_have_count(0)
    page.get_by_role("button", name="9", exact=True).click()
    page.get_by_role("button", name="Wis").click()
    for digit in PIN:
        key = page.get_by_role("button", name=digit, exact=True)
        box = key.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        key.click()
    app.expect_heading("Bij wie ga je langs?")


def test_the_line_does_not_change_at_each_answer(app: App) -> None:
    app.begin()
    app.choose("Q2-1")
    app.expect_line("Alles verzonden")
    app.page.evaluate(CHANGES)
    app.choose("Q3-1")
    app.expect_heading("Draagkracht")
    app.choose("Q4-1", "Q5-1")
    app.expect_line("Alles verzonden")
    said = app.page.evaluate("window.changes")
    assert [line for line in said if "Alles verzonden" not in line] == []


def test_a_correction_without_a_reason_is_said_at_its_field(app: App) -> None:
    app.begin()
    app.fill_in()
    app.finish()
    app.tap("Er klopt iets niet: corrigeer", "link")
    app.tap("Begin de correctie")
    reason = app.page.get_by_label("Wat klopte er niet?")
    expect(reason).to_be_focused()
    expect(reason).to_have_attribute("aria-invalid", "true")
    expect(app.page.locator("#fout-reden")).to_have_text("Schrijf eerst op waarom.")
    expect(reason).to_have_attribute("aria-describedby", "fout-reden")
