"""The nurse's pages from the server: with or without a script, from the list to paper."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import tablet
from tests.live.site import Site
from tests.live.test_nurse import NURSE, UNSAVED, begin, expect_state, give, log_in, onward, tap
from tests.live.walks import State

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def way(browser: Browser, site: Site) -> Iterator[State]:
    """From the list to the result, and what may go wrong on the way."""
    with tablet(browser, site.url) as context:
        page = context.new_page()
        page.goto("/inloggen/")
        page.get_by_label("E-mailadres").fill(NURSE)
        page.get_by_label("Wachtwoord", exact=True).fill("dat was het niet")
        page.get_by_role("button", name="Inloggen").click()
        expect(page.get_by_role("alert")).to_be_focused()
        yield State("log-in-wrong", "A wrong password", page)
        log_in(page, NURSE)
        yield State("list", "The client list of the server", page)
        page.goto("/clienten/?q=zoekt+niemand")
        yield State("list-nobody", "Searching for somebody who is not there", page)
        page.goto("/clienten/")
        page.get_by_role("link", name="Start").first.click()
        yield State("start", "Starting an anamnese", page)
        page.get_by_label("Datum").fill("2020-01-01")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator(".invalid-feedback")).to_be_visible()
        yield State("start-wrong", "A day before care began", page)
        begin(page)
        yield State("gates", "The first questions", page)
        yield from _filled(page)
        yield State("review", "Reading over before finishing", page, whole=True)
        page.get_by_role("link", name="wijzig de datum").click()
        yield State("date", "Another day than today", page)
        page.go_back()
        onward(page, "Waarom dit profiel?", "Afronden")
        yield State("result", "Why this profile", page, whole=True)
        yield from _afterwards(page)


def _filled(page: Page) -> Iterator[State]:
    give(page, "Q2-1", "Q3-1", then="Draagkracht")
    onward(page, "Draagkracht")
    expect(page.get_by_role("alert")).to_be_focused()
    yield State("missing", "Going on without an answer", page, whole=True)
    give(page, "Q4-2", "Q5-1", "Q6-1", then="Draaglast")
    yield State("draaglast", "Two questions of the burden", page)
    give(page, "Q7-1", "Q8-1", then="Ondersteuningsbehoefte")
    yield State("ondersteuning", "Three questions about support", page)
    give(page, "Q9-1", "Q10-3", "Q11-1", then="Verpleegtechnische zorg")
    tap(page, "Q12-2", "Q13-sonde")
    yield State("techniek", "Technical care: several may be ticked", page)
    give(page, "Q12-1", then="Klopt alles?")


def _afterwards(page: Page) -> Iterator[State]:
    page.get_by_role("link", name="Waar ging het heen?").click()
    yield State("trail", "The trail of a profile, from the anamnese to the file", page)
    page.go_back()
    page.get_by_role("link", name="corrigeer").click()
    yield State("correct", "A correction says what it mends", page)
    page.get_by_role("button", name="Begin de correctie").click()
    page.get_by_label("Wat klopte er niet?").fill("De arts dacht al anders")
    page.get_by_role("button", name="Begin de correctie").click()
    expect(page.get_by_role("heading", name="Klopt alles?")).to_be_visible()
    page.get_by_role("link", name="wijzig Laatste levensfase").click()
    page.wait_for_load_state()
    tap(page, "Q2-2")
    expect(page.get_by_text("Deze vragen gelden nu niet")).to_be_visible()
    yield State("dropped", "What does not apply now is set aside, and said", page)
    onward(page, "Klopt alles?")
    onward(page, "Waarom dit profiel?", "Afronden")
    expect(page.locator(".verdict")).to_contain_text("PTZ")
    yield State("result-ptz", "The result of a correction, without scores", page)
    page.locator("a.back").click()
    expect(page.get_by_text("vervangen: De arts dacht al anders")).to_be_visible()
    yield State("client", "One client: profile in force, history, what happened", page, whole=True)


def _nothing_saved(route: Route) -> None:
    if route.request.method == "PUT":
        route.abort()
    else:
        route.continue_()


def hindered(browser: Browser, site: Site) -> Iterator[State]:
    """Without a connection, with a log-in that ended, in two tabs, throwing away."""
    with tablet(browser, site.url) as context:
        page = context.new_page()
        log_in(page, NURSE)
        begin(page)
        context.set_offline(True)
        tap(page, "Q2-1")
        expect(page.get_by_text("Er is geen verbinding.")).to_be_visible()
        yield State("offline", "No connection: the answers wait in this page", page)
        context.set_offline(False)
        expect_state(page, "Opgeslagen om")
        sessions = [each for each in context.cookies() if each["name"] == "sessionid"]
        context.clear_cookies(name="sessionid")
        tap(page, "Q3-1")
        expect_state(page, UNSAVED)
        expect(page.get_by_text("Je bent uitgelogd.")).to_be_visible()
        yield State("logged-out", "The log-in ended in the middle: nothing is lost", page)
        # It would save by itself as soon as it is out of sight, and the other tab would find nothing open.
        page.route(
            "**/*", lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
        )
        context.add_cookies(sessions)  # type: ignore[arg-type]
        other = context.new_page()
        other.goto(page.url)
        give(other, "Q2-1", "Q3-2", then="Klopt alles?")
        page.unroute("**/*")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("row").filter(has_text="Genoeg bekend")).to_be_visible()
        yield State("two-tabs", "Changed in another tab: both side by side", page)
        other.close()
        page.get_by_role("link", name="De opgeslagen versie geldt").click()
        page.goto("/clienten/")
        page.get_by_role("link", name="Verder").first.click()
        page.get_by_role("link", name="Naar de cliënt").or_(page.locator("a.back")).first.click()
        yield State("client-draft", "A client with a draft", page)
        page.get_by_role("link", name="weggooien").or_(
            page.get_by_role("link", name="Weggooien")
        ).first.click()
        yield State("discard", "Throwing away asks first", page)
        page.get_by_role("button", name="Gooi het weg").click()
        expect(page.get_by_role("button", name="Haal terug")).to_be_visible()
        yield State("discarded", "What was thrown away comes back within a day", page)


def around(browser: Browser, site: Site) -> Iterator[State]:
    """At whom it is time, events, settings, one's own data, and what does not exist."""
    addresses = {
        "due": ("/tijd/", "At whom it is time, with the reason"),
        "calendar": ("/kalender/", "The calendar of reassessments"),
        "settings": ("/mijn-instellingen/", "Her own settings"),
        "password": ("/wachtwoord/", "Another password"),
        "client-new": ("/clienten/nieuw/", "Adding a client"),
        "not-found": (f"/clienten/{UNKNOWN}/", "A page that does not exist, or is not hers to see"),
        "not-permitted": ("/bestanden/", "A page of another role"),
    }
    with tablet(browser, site.url) as context:
        page = context.new_page()
        log_in(page, NURSE)
        for name, (address, caption) in addresses.items():
            page.goto(address)
            yield State(name, caption, page)
        page.goto("/clienten/?status=current")
        page.get_by_role("link", name="Bekijk").first.click()
        page.get_by_text("Er is iets gebeurd", exact=True).click()
        yield State("event", "What happened, in two taps", page, whole=True)
        address = page.url
        page.get_by_role("link", name="Overlijden vastleggen").click()
        yield State("client-death", "Recording that a client died; asked too where a file says so", page)
        page.goto(address)
        page.get_by_role("link", name="Gegevens wijzigen").click()
        yield State("client-edit", "Changing a client; a move counts from a day on", page, whole=True)


WALKS = (way, hindered, around)
