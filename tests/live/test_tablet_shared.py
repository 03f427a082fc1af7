"""A tablet that colleagues share: what stays, what opens again, and what the next one sees."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from declarations.demo.people import PASSWORD
from tests.live.site import Site
from tests.live.tablet_app import COLLEAGUE, LIST, OFFICER, OTHER_PIN, PIN, REVIEW, TEAM_LEAD, App, device

WRONG_PIN, NEW_PIN = "161803", "577215"


@pytest.fixture
def taken(browser: Browser, demo_site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """A tablet on which the nurse logged in this morning."""
    with device(browser, demo_site) as (context, app):
        app.enter()
        yield context, app


def test_it_locks_by_itself_and_keeps_the_work(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.page.clock.install()
        app.enter()
        context.set_offline(True)
        app.begin()
        app.choose("Q2-1")
        expect(app.page.locator("#bewaard")).to_contain_text("Bewaard op dit toestel")
        app.page.clock.fast_forward("06:00")
        app.expect_heading("Geef je pincode")
        assert "Om te beginnen" not in app.page.content()
        app.unlock()
        app.expect_heading("Om te beginnen")
        expect(app.page.locator("#Q2-1")).to_be_checked()
        app.choose("Q3-1")
        app.expect_heading("Draagkracht")


def test_a_draft_is_asked_about_after_the_tab_was_gone(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    name = app.begin()
    app.fill_in(until="Draaglast")
    address = app.page.url
    app.page.close()
    again = App(context.new_page())
    again.page.goto(address)
    again.unlock()
    again.expect_heading("Verder met dit concept?")
    expect(again.page.get_by_text(f"Concept voor {name}")).to_contain_text(
        re.compile(r", vandaag \d\d:\d\d, 6 van 12: verder of weggooien\?")
    )
    again.tap("Verder")
    again.expect_heading("Draaglast")


def test_what_was_thrown_away_comes_back_within_a_day(taken: tuple[BrowserContext, App]) -> None:
    _context, app = taken
    app.begin()
    app.choose("Q2-1")
    app.expect_line("Alles verzonden")
    app.tap("weggooien", "link")
    app.expect_heading("Dit concept weggooien?")
    app.tap("Gooi het weg")
    expect(app.page.get_by_text("Tot een dag later kun je het terughalen.")).to_be_visible()
    app.tap("Haal terug")
    app.expect_heading("Om te beginnen")
    expect(app.page.locator("#Q2-1")).to_be_checked()
    app.choose("Q3-1")
    app.expect_line("Alles verzonden")


def test_two_tabs_do_not_fill_in_one_draft(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    app.begin()
    other = App(context.new_page())
    other.page.goto(app.page.url)
    other.unlock()
    other.tap("Verder")
    other.expect_heading("Dit concept staat al open")


@pytest.mark.parametrize("keeps_hers", [True, False])
def test_two_tablets_are_put_side_by_side(browser: Browser, demo_site: Site, keeps_hers: bool) -> None:
    with device(browser, demo_site) as (one, app), device(browser, demo_site) as (_two, other):
        app.enter()
        name = app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        one.set_offline(True)
        other.enter()
        other.page.get_by_role("link", name=f"Verder met {name}").click()
        other.tap("Verder")
        other.choose("Q3-1")
        other.expect_heading("Draagkracht")
        other.expect_line("Alles verzonden")

        app.choose("Q3-2")
        app.expect_heading(REVIEW)
        one.set_offline(False)
        expect(app.page.get_by_text("Van een anamnese zijn er twee versies.")).to_be_visible()
        app.page.get_by_role("link", name=name).first.click()
        app.tap("Verder met het concept", "link")
        app.tap("Verder")
        app.expect_heading("Welke versie moet gelden?")
        row = app.page.get_by_role("row").filter(has_text="Genoeg bekend")
        expect(row).to_contain_text("Nog niet, wel binnen 4 weken")
        app.tap("Mijn versie van dit toestel geldt" if keeps_hers else "De opgeslagen versie geldt")
        app.expect_heading(REVIEW)
        app.expect_line("Alles verzonden")
        chosen = "Nog niet, wel binnen 4 weken" if keeps_hers else "Ja"
        expect(app.page.locator("#Q3")).to_contain_text(chosen)


def test_a_colleague_at_work_with_the_same_client_is_named(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (_one, app), device(browser, demo_site) as (_two, other):
        app.enter()
        other.log_in(OFFICER)
        other.expect_heading("De tablet is voor de wijkverpleegkundige")
        other.check()
        other.tap("Naar de gewone schermen", "link")
        # Who leads the team is a nurse too: the tablet lets her in as that.
        other.log_in(TEAM_LEAD)
        other.choose_pin()
        name = other.begin()
        other.choose("Q2-1")
        other.expect_line("Alles verzonden")

        app.tap("Dit toestel", "link")
        app.tap("Werk de cliënten bij")
        app.tap("Mijn cliënten", "link")
        row = app.page.locator(".entry").filter(has_text=name).first
        expect(row).to_contain_text("Greetje Postma is ook bezig")
        row.get_by_role("link", name="Start").click()
        expect(app.page.get_by_text("Een collega is ook bezig met deze cliënt")).to_be_visible()
        app.check()


def test_work_that_waits_for_a_day_is_warned_about(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.page.clock.install()
        app.enter()
        context.set_offline(True)
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Offline, 1 niet verzonden")
        app.page.clock.fast_forward("24:00:30")
        app.unlock()
        expect(app.page.get_by_text("Er wacht al meer dan 24 uur werk")).to_be_visible()
        context.set_offline(False)
        app.expect_line("Alles verzonden")


def test_a_forgotten_pin_is_replaced_by_the_password(taken: tuple[BrowserContext, App]) -> None:
    _context, app = taken
    app.begin()
    app.choose("Q2-1")
    app.expect_line("Alles verzonden")
    app.page.reload()
    for left in (4, 3, 2, 1):
        app.unlock(WRONG_PIN)
        expect(app.page.get_by_role("alert").first).to_contain_text(f"nog {left} keer")
    app.unlock(WRONG_PIN)
    expect(app.page.get_by_text("De pincode is te vaak fout ingevuld.")).to_be_visible()
    app.tap("Kies een nieuwe pincode")
    app.expect_heading("Kies een nieuwe pincode")
    app.page.get_by_label("Wachtwoord").fill(PASSWORD)
    app.page.get_by_label("Nieuwe pincode").fill(NEW_PIN)
    app.page.get_by_label("Nog een keer").fill(NEW_PIN)
    app.tap("Bewaar de pincode")
    app.expect_heading("Verder met dit concept?")


def test_the_next_one_sees_nothing_and_unsent_work_waits(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))
    name = app.begin()
    app.choose("Q2-1")
    app.expect_line("Offline, 1 niet verzonden")
    app.page.goto("/tablet/#/uitloggen")
    app.expect_heading("Uitloggen")
    expect(app.page.get_by_text("Er is 1 anamnese nog niet verzonden.")).to_be_visible()
    expect(app.page.get_by_text("Moet een collega ermee verder? Verstuur het eerst")).to_be_visible()
    expect(app.page.locator("#stand-gezegd")).to_contain_text("1 niet verzonden")
    app.tap("Log uit en bewaar het hier")
    app.expect_heading("Log opnieuw in")
    expect(app.page.locator("#stand-gezegd")).to_be_empty()
    context.unroute("**/tablet/anamneses/**")

    app.tap("Log in met je wachtwoord")
    app.give_password(COLLEAGUE)
    app.choose_pin(OTHER_PIN)
    app.expect_heading(LIST)
    assert f">{name}<" not in app.page.content()
    app.expect_line("Alles verzonden")
    app.tap("Uitloggen", "link")
    app.tap("Log uit")

    app.expect_heading("Log opnieuw in")
    app.log_in()
    app.unlock()
    app.expect_heading(LIST)
    app.expect_line("Alles verzonden")
    row = app.page.locator(".entry").filter(has_text=name).first
    expect(row).to_contain_text("Concept, vandaag")


def test_work_of_one_is_never_sent_as_another(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    app.begin()
    app.choose("Q2-1")
    app.expect_line("Offline, 1 niet verzonden")
    context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))
    context.set_offline(False)
    app.log_in(COLLEAGUE)
    app.choose_pin(OTHER_PIN)
    app.expect_heading(LIST)
    context.unroute("**/tablet/anamneses/**")
    app.tap("Vergrendel")
    app.expect_heading("Geef je pincode")
    expect(app.page.get_by_text("Alles van jou is verzonden.")).to_be_visible()
    app.tap("Ik ben SdV")
    expect(app.page.get_by_text("Nog niet verzonden: 1.")).to_be_visible()
    app.unlock(PIN)
    app.expect_heading(LIST)
    expect(app.page.get_by_role("button", name="Log in om te versturen")).to_be_visible()
    app.expect_line("1 niet verzonden")


def test_all_of_hers_can_be_wiped_once_it_was_sent(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    app.begin()
    app.choose("Q2-1")
    app.page.goto("/tablet/#/toestel")
    app.page.get_by_text("Ik gebruik dit toestel niet meer").click()
    app.tap("Wis mijn gegevens hier")
    expect(app.page.get_by_role("alert")).to_contain_text("Verstuur dat eerst.")
    context.set_offline(False)
    app.expect_line("Alles verzonden")
    app.tap("Wis mijn gegevens hier")
    app.expect_heading("Alles van jou hier wissen?")
    app.tap("Nee, bewaar het")
    app.page.get_by_text("Ik gebruik dit toestel niet meer").click()
    app.tap("Wis mijn gegevens hier")
    app.tap("Ja, wis alles van mij hier")
    app.expect_heading("Kies een pincode voor dit toestel")
