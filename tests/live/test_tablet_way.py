"""A nurse's whole way on the tablet without connection: by tapping, by keyboard, counted and looked at."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, NURSE, RESULT, REVIEW, App, device

MOST_TAPS = 14
DIGITS = {
    "Om te beginnen": "11",
    "Draagkracht": "211",
    "Draaglast": "11",
    "Ondersteuningsbehoefte": "131",
    "Verpleegtechnische zorg": "1",
}


@pytest.fixture
def taken(browser: Browser, demo_site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """A tablet on which the nurse logged in this morning."""
    with device(browser, demo_site) as (context, app):
        app.enter()
        yield context, app


@pytest.fixture
def app(taken: tuple[BrowserContext, App]) -> App:
    return taken[1]


def test_a_weak_pin_is_refused_on_the_way_in(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (_context, app):
        app.page.goto("/tablet/")
        app.expect_heading("Log eerst in")
        app.log_in()
        app.expect_heading("Kies een pincode voor dit toestel")
        app.page.get_by_label("Pincode").fill("123456")
        app.page.get_by_label("Nog een keer").fill("123456")
        app.tap("Bewaar de pincode")
        expect(app.page.get_by_text("Deze pincode is te makkelijk.")).to_be_focused()
        app.choose_pin()
        app.expect_heading(LIST)


def test_the_whole_way_goes_without_connection(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    app.begin()
    app.expect_line("Offline, 1 niet verzonden")
    app.fill_in(until="Verpleegtechnische zorg")
    app.choose("Q12-2")
    expect(app.page.locator("#Q13")).to_be_visible()
    app.tap("Nakijken")
    expect(app.page.get_by_role("alert").filter(has_text="nog geen antwoord")).to_be_focused()
    app.choose("Q13-sonde")
    app.tap("Nakijken")
    app.expect_heading(REVIEW)
    app.finish()
    expect(app.page.locator(".verdict")).to_contain_text("DKDL 3")
    expect(app.page.locator("svg title").first).to_contain_text("draagkracht 7 van 7")
    expect(app.page.get_by_text("nog niet verzonden.")).to_be_visible()
    context.set_offline(False)
    app.expect_line("Alles verzonden")


def test_a_correction_and_the_next_go_without_connection(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    name = app.begin()
    app.fill_in(until="Verpleegtechnische zorg")
    app.choose("Q12-2", "Q13-sonde")
    app.tap("Nakijken")
    app.finish()
    app.tap("Er klopt iets niet: corrigeer", "link")
    app.page.get_by_label("Wat klopte er niet?").fill("De sonde was er al uit")
    app.tap("Begin de correctie")
    app.expect_heading(REVIEW)
    app.tap("wijzig Verpleegtechnische zorg", "link")
    app.choose("Q12-1")
    expect(app.page.get_by_text("Deze vragen gelden nu niet")).to_contain_text("handelingen")
    app.tap("Nakijken")
    app.expect_heading(REVIEW)
    app.finish()
    expect(app.page.locator(".verdict")).to_contain_text("DKDL 2")
    app.expect_line("Offline, 2 niet verzonden")

    app.tap("Volgende cliënt", "link")
    app.expect_heading(LIST)
    row = app.page.locator(".entry").filter(has_text=name)
    expect(row).to_contain_text("afgerond op dit toestel")
    context.set_offline(False)
    app.expect_line("Alles verzonden")
    app.page.get_by_role("link", name=name, exact=True).click()
    app.expect_heading(name)
    app.page.goto("/clienten/")
    app.page.get_by_role("link", name=name, exact=True).click()
    expect(app.page.get_by_text("vervangen: De sonde was er al uit")).to_be_visible()


def test_no_more_taps_than_a_person_would_expect(app: App) -> None:
    app.begin()
    app.fill_in()
    app.finish()
    assert app.taps <= MOST_TAPS


def test_the_whole_way_goes_by_keyboard_alone(app: App) -> None:
    keyboard = app.page.keyboard
    press_until(app.page, "Start")
    keyboard.press("Enter")
    for heading, digits in DIGITS.items():
        app.expect_heading(heading)
        for digit in digits:
            keyboard.press(digit)
    app.expect_heading(REVIEW)
    keyboard.press("Enter")
    app.expect_heading(RESULT)
    expect(app.page.locator(".verdict")).to_contain_text("DKDL 8")
    press_until(app.page, "Volgende cliënt")
    keyboard.press("Enter")
    app.expect_heading(LIST)


def test_arrow_keys_look_around_and_take_nobody_along(app: App) -> None:
    app.begin()
    app.choose("Q2-1")
    app.page.locator("#Q3-1").focus()
    for _time in range(3):
        app.page.keyboard.press("ArrowDown")
    expect(app.page.locator("#Q3-1")).to_be_checked()
    app.expect_heading("Om te beginnen")
    app.page.keyboard.press("Enter")
    app.expect_heading("Draagkracht")


def test_going_on_by_itself_can_be_switched_off(app: App) -> None:
    app.tap("Dit toestel", "link")
    app.tap("Vanzelf verder")
    app.tap("Mijn cliënten", "link")
    app.begin()
    app.choose("Q2-1", "Q3-1")
    expect(app.page.locator("#bewaard")).to_contain_text("Bewaard op dit toestel")
    app.tap("Volgende")
    app.expect_heading("Draagkracht")


def test_what_was_answered_last_time_is_shown_and_not_filled_in(app: App) -> None:
    app.page.get_by_role("button", name="Alleen wie aan de beurt is").click()
    due = app.page.locator(".entry").filter(has_text="DKDL").filter(has_text="Start")
    due.first.get_by_role("link", name="Start").click()
    app.expect_heading("Om te beginnen")
    expect(app.page.get_by_text("Vorige keer").first).to_be_visible()
    expect(app.page.locator(".option-input:checked")).to_have_count(0)


def test_a_finger_moves_between_the_screens(app: App) -> None:
    app.begin()
    app.choose("Q2-1", "Q3-1")
    app.expect_heading("Draagkracht")
    swipe(app.page, 100, 500)
    app.expect_heading("Om te beginnen")
    swipe(app.page, 500, 100)
    app.expect_heading("Draagkracht")


def test_without_a_safe_connection_it_says_so(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
        app.page.goto("/tablet/")
        app.expect_heading("Zonder beveiligde verbinding kan dit niet")
        expect(app.page.get_by_role("link", name="Verder met de gewone schermen")).to_be_visible()


def test_a_second_anamnese_of_one_day_is_a_correction(app: App) -> None:
    name = app.begin()
    app.fill_in()
    app.finish()
    app.tap(name, "link")
    app.tap("Nieuwe anamnese", "link")
    app.expect_heading("Er is vandaag al een anamnese")
    app.tap("Corrigeer", "link")
    app.expect_heading("Wat wil je corrigeren?")


def test_a_day_without_care_is_refused_with_the_servers_sentence(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.route("**/tablet/pakket/", with_a_gap)
    app.tap("Dit toestel", "link")
    with app.page.expect_response("**/tablet/pakket/"):
        app.tap("Werk de cliënten bij")
    app.tap("Mijn cliënten", "link")
    context.set_offline(True)
    app.begin()
    app.tap("andere datum", "link")
    app.expect_heading("Van welke dag is deze anamnese?")
    day = app.page.get_by_label("Datum")
    for given, said in (
        ("2024-02-01", "een tijd niet in zorg"),
        ("2023-12-31", "nog niet in zorg"),
        ("2999-01-01", "in de toekomst"),
    ):
        day.fill(given)
        app.tap("Bewaar de datum")
        expect(app.page.get_by_role("alert")).to_contain_text(said)
    day.fill("2024-01-31")
    app.tap("Bewaar de datum")
    app.expect_heading("Om te beginnen")
    expect(app.page.get_by_text("Anamnese van 31 januari 2024")).to_be_visible()


def with_a_gap(route: Route) -> None:
    """Answer with clients who were in care in January 2024, and again since March of that year."""
    answer = route.fetch()
    spells = [{"from": "2024-01-01", "until": "2024-02-01"}, {"from": "2024-03-01", "until": None}]
    package = answer.json()
    package["clients"] = [client | {"in_care": spells} for client in package["clients"]]
    route.fulfill(response=answer, json=package)


def press_until(page: Page, name: str) -> None:
    """Press Tab until a link or button with this name has the focus."""
    for _time in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith(name):
            return
    pytest.fail(f"Tab does not lead to {name}")


def swipe(page: Page, start: int, end: int) -> None:
    """Draw one finger over the page, sideways."""
    session = page.context.new_cdp_session(page)
    for kind, points in (("touchStart", [start]), ("touchMove", [end]), ("touchEnd", [])):
        touches = [{"x": x, "y": 300} for x in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_who_taps_lands_in_the_app_until_she_chooses_the_pages(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (_context, app):
        app.page.goto("/inloggen/")
        app.give_password(NURSE)
        app.choose_pin()
        app.expect_heading(LIST)
        app.tap("Alle schermen", "link")
        expect(app.page).to_have_url(re.compile("/clienten/$"))
        app.page.goto("/")
        expect(app.page).to_have_url(re.compile("/clienten/$"))
        app.tap("Tablet", "link")
        app.unlock()
        app.page.goto("/")
        expect(app.page).to_have_url(re.compile("/tablet/"))


def test_a_desk_lands_on_the_pages(browser: Browser, demo_site: Site) -> None:
    with browser.new_context(base_url=demo_site.url, locale="nl-NL") as context:
        app = App(context.new_page())
        app.page.goto("/inloggen/")
        app.give_password(NURSE)
        expect(app.page).to_have_url(re.compile("/clienten/$"))


def test_the_list_is_where_she_left_it(app: App) -> None:
    """After a look as it was; after an anamnese with the filter, at the next whose turn it is."""
    only_due = app.page.get_by_role("button", name="Alleen wie aan de beurt is")
    seek = app.page.get_by_label("Zoek op naam of geboortejaar")
    only_due.click()
    due = app.page.locator(".entry-title").all_text_contents()
    seek.fill(due[-1].split()[-1].upper())
    name = app.page.locator(".entry-title").first.text_content() or ""
    app.tap(name, "link")
    app.expect_heading(name)
    app.tap("Mijn cliënten", "link")
    expect(seek).to_have_value(due[-1].split()[-1].upper())
    seek.fill("")
    app.page.set_viewport_size({"width": 768, "height": 500})
    left = due[-2]
    row = app.page.locator(".entry").filter(has_text=left)
    row.get_by_role("link").last.click()
    app.expect_heading("Om te beginnen")
    app.fill_in()
    app.finish()
    app.tap("Volgende cliënt", "link")
    app.expect_heading(LIST)
    expect(only_due).to_have_attribute("aria-pressed", "true")
    expect(app.page.locator(".entry-title").filter(has_text=left)).to_have_count(0)
    expect(app.page.locator(".entry-title").filter(has_text=due[-1])).to_be_in_viewport()
    expect(app.page.locator(".entry-title").filter(has_text=due[0])).not_to_be_in_viewport()
