"""What happens at one moment on the tablet: nothing is begun twice, lost, or told before it is so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, REVIEW, App, device

#: Another tab brought newer versions along; reading them takes until `goOn` is called.
READ_SLOWLY = """async () => {
    const vaults = await new Promise((resolve) => {
        indexedDB.open('draagvlak-tablet').onsuccess = ({ target: { result } }) => {
            const asked = result.transaction('vaults').objectStore('vaults').getAllKeys();
            asked.onsuccess = () => resolve(asked.result);
        };
    });
    const digest = crypto.subtle.digest.bind(crypto.subtle);
    const mayGoOn = new Promise((resolve) => { window.goOn = resolve; });
    const isRead = new Promise((resolve) => {
        crypto.subtle.digest = (...given) => (resolve(), mayGoOn.then(() => digest(...given)));
    });
    new BroadcastChannel('draagvlak-tablet').postMessage({ vault: vaults[0], kind: 'versions' });
    await isRead;
}"""
#: Every opening and sealing of a record takes this long.
SLOWLY = """(work) => {
    const quick = crypto.subtle[work].bind(crypto.subtle);
    const later = () => new Promise((resolve) => setTimeout(resolve, 150));
    crypto.subtle[work] = (...given) => later().then(() => quick(...given));
}"""
#: How much waits by the line at the moment that the result came on the screen: its words may be on their way.
LISTEN = """() => {
    new MutationObserver(() => {
        const heading = document.querySelector('h1')?.textContent ?? '';
        if (heading.startsWith('Waarom')) window.unsent ??= document.getElementById('stand').dataset.unsent;
    }).observe(document.getElementById('inhoud'), { childList: true });
}"""
#: Change the address once more while the page of the change before waits to be drawn; count the screens.
CHANGE_MIND = """async (address) => {
    window.screens = 0;
    new MutationObserver(() => { window.screens += Number(Boolean(document.getElementById('vragen'))); })
        .observe(document.getElementById('inhoud'), { childList: true });
    const isHeard = new Promise((resolve) => { addEventListener('hashchange', resolve, { once: true }); });
    location.hash = '#/toestel';
    await isHeard;
    location.hash = address;
}"""


@pytest.fixture
def taken(browser: Browser, demo_site: Site) -> Iterator[tuple[BrowserContext, App]]:
    """A tablet on which the nurse logged in this morning."""
    with device(browser, demo_site) as (context, app):
        app.enter()
        yield context, app


@pytest.fixture
def app(taken: tuple[BrowserContext, App]) -> App:
    """The app on it, from which nothing gets to the server."""
    context, app = taken
    cut_off(context)
    return app


def cut_off(context: BrowserContext) -> None:
    context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))


def ask_twice(page: Page, address: str) -> None:
    """Go somewhere, and have the same page drawn a second time at that moment."""
    page.evaluate(
        "(address) => { location.hash = address; window.dispatchEvent(new HashChangeEvent('hashchange')); }",
        address,
    )


def test_pages_go_on_while_newer_versions_are_read(app: App) -> None:
    app.page.evaluate(READ_SLOWLY)
    app.begin()
    app.page.evaluate("goOn()")
    app.fill_in()


def test_an_anamnese_that_is_asked_for_twice_is_begun_once(app: App) -> None:
    row = app.page.locator(".entry").filter(has=app.page.get_by_role("link", name="Start")).first
    name = row.locator(".entry-title").text_content()
    ask_twice(app.page, row.get_by_role("link", name="Start").get_attribute("href") or "")
    app.expect_heading("Om te beginnen")
    app.choose("Q2-1")
    app.page.goto("/tablet/#/clienten")
    app.expect_heading(LIST)
    rows = app.page.locator(".entry").filter(has_text=name)
    expect(rows.filter(has_text="Concept, vandaag")).to_have_count(1)
    app.expect_line("1 niet verzonden")


def test_a_screen_under_her_finger_is_not_drawn_again(app: App) -> None:
    link = app.page.get_by_role("link", name="Start").first
    address = link.get_attribute("href") or ""
    app.page.evaluate(SLOWLY, "sign")  # so that a second drawing would come after the tap
    app.page.evaluate(CHANGE_MIND, address)
    app.choose("Q2-1")
    expect(app.page.locator("#bewaard")).to_contain_text("Bewaard")
    assert app.page.evaluate("window.screens") == 1


def test_a_second_tap_on_a_button_does_nothing(app: App) -> None:
    app.begin()
    app.fill_in()
    app.finish()
    app.tap("Corrigeer", "link")
    app.page.get_by_label("Wat klopte er niet?").fill("verkeerd aangetikt")
    app.page.evaluate(
        "() => { const form = document.querySelector('form'); form.requestSubmit(); form.requestSubmit(); }"
    )
    app.expect_heading(REVIEW)
    app.expect_line("2 niet verzonden")


def test_the_connection_is_found_again_when_nothing_waits(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.set_offline(True)
    app.expect_line("Offline, laatste contact")
    context.set_offline(False)
    app.expect_line("Alles verzonden")


def test_a_server_that_was_away_at_unlocking_is_found_again(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    context.route("**/tablet/pakket/", lambda route: route.abort("connectionreset"))
    app.page.reload()
    app.unlock()
    app.expect_line("Offline, laatste contact")
    context.unroute("**/tablet/pakket/")
    app.expect_line("Alles verzonden")


def test_the_result_never_stands_under_a_line_of_before(taken: tuple[BrowserContext, App]) -> None:
    context, app = taken
    app.begin()
    app.fill_in()
    app.expect_line("Alles verzonden")
    cut_off(context)
    app.page.evaluate(LISTEN)
    app.page.evaluate(SLOWLY, "decrypt")
    app.finish()
    context.unroute("**/tablet/anamneses/**")
    assert app.page.evaluate("window.unsent") == "1"


def test_an_answer_that_is_being_kept_survives_locking(app: App) -> None:
    app.begin()
    app.page.evaluate(SLOWLY, "encrypt")
    app.choose("Q2-1")
    app.tap("Vergrendel")
    app.unlock()
    app.expect_heading("Om te beginnen")
    expect(app.page.locator("#Q2-1")).to_be_checked()


def test_what_she_changed_elsewhere_is_read_over_before_it_is_finished(
    taken: tuple[BrowserContext, App],
) -> None:
    context, app = taken
    app.begin()
    app.fill_in()
    app.expect_line("Alles verzonden")
    app.page.route("**/tablet/**", lambda route: route.abort("connectionreset"))
    app.page.evaluate("dispatchEvent(new Event('offline'))")
    app.expect_line("Offline")
    elsewhere = context.new_page()
    draft = app.page.url.split("/")[-2]
    elsewhere.goto(f"/anamneses/{draft}/vragen/draagkracht/")
    with elsewhere.expect_response("**/antwoorden/") as saved:
        elsewhere.locator("label[for=Q4-2]").click()
    assert saved.value.status == 200
    elsewhere.close()
    app.page.unroute("**/tablet/**")
    with app.page.expect_response("**/tablet/pakket/"):
        app.page.evaluate("dispatchEvent(new Event('online'))")
    app.expect_line("Alles verzonden")
    app.tap("Afronden")
    app.expect_heading(REVIEW)
