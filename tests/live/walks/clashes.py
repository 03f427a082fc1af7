"""The tablet when something gets in between: two versions, waiting work, refusals, no room, a new version."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

from playwright.sync_api import Browser, Route, expect

from tests.browser import tablet
from tests.live.site import Site
from tests.live.tablet_app import LIST, REVIEW, TEAM_LEAD, App, device
from tests.live.test_tablet_access import MINUTE, WITHDRAWN, busy, revoked
from tests.live.test_tablet_update import IS_KEPT, bring_new_version
from tests.live.walks import State, taken
from tests.live.walks.door import WEAK_PIN

HOUR = 3_600_000  # milliseconds
SENDING = "**/tablet/anamneses/**"
TOO_LATE = {
    "error": "refused",
    "message": "De cliënt is op deze dag niet in zorg.",
    "problems": [],
}
FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('vol', 'QuotaExceededError'); })"


def two_versions(browser: Browser, site: Site) -> Iterator[State]:
    """Two tablets with one draft: side by side, once as drafts and once when the other was finished."""
    with ExitStack() as stack:
        one, app = stack.enter_context(taken(browser, site))
        _two, other = stack.enter_context(device(browser, site))
        name = app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        one.set_offline(True)
        other.enter()
        _open(other, name)
        other.choose("Q3-1")
        other.expect_heading("Draagkracht")
        other.expect_line("Alles verzonden")
        app.choose("Q3-2")
        app.expect_heading(REVIEW)
        one.set_offline(False)
        expect(app.page.get_by_text("Van een anamnese zijn er twee versies.")).to_be_visible()
        app.page.goto("/tablet/#/clienten")
        app.expect_heading(LIST)
        yield State(
            "line-two-versions", "Something was changed elsewhere: the line says so on every page", app.page
        )
        _open(app, name)
        app.expect_heading("Welke versie moet gelden?")
        yield State(
            "conflict", "Both versions side by side; the nurse chooses, and nothing is thrown away", app.page
        )
        app.tap("De opgeslagen versie geldt")
        app.expect_line("Alles verzonden")
        one.set_offline(True)
        app.page.goto(app.page.url.rpartition("/")[0] + "/initieel")
        app.choose("Q3-3")
        other.page.goto(other.page.url.rpartition("/")[0] + "/initieel")
        other.choose("Q3-2")
        other.tap("Volgende")
        other.finish()
        other.expect_line("Alles verzonden")
        one.set_offline(False)
        expect(app.page.get_by_text("Van een anamnese zijn er twee versies.")).to_be_visible()
        app.tap("Volgende")
        app.expect_heading("Welke versie moet gelden?")
        yield State(
            "conflict-finished", "The other version was finished: hers becomes a correction", app.page
        )
        app.tap("De opgeslagen versie geldt")


def _open(app: App, name: str) -> None:
    app.page.get_by_role("link", name=f"Verder met {name}").click()
    app.tap("Verder")


def waiting(browser: Browser, site: Site) -> Iterator[State]:
    """Work that waits for a day and for three, on a tablet whose state she can see."""
    with device(browser, site) as (context, app):
        page = app.page
        page.clock.install()
        context.route("**/tablet/pakket/", _longest_lease)
        app.enter()
        context.unroute("**/tablet/pakket/")
        app.tap("Dit toestel", "link")
        app.expect_heading("Hoe staat dit toestel ervoor?")
        yield State(
            "device", "How this tablet is: contact, unsent work, storage, clock, version", page, whole=True
        )
        _wrong_pins(app)
        yield State("device-pin", "Changing the PIN goes wrong", page)
        context.set_offline(True)
        page.goto("/tablet/#/clienten")
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Offline, 1 niet verzonden")
        page.goto("/tablet/#/toestel")
        page.get_by_text("Ik gebruik dit toestel niet meer").click()
        app.tap("Wis mijn gegevens hier")
        expect(page.get_by_role("alert")).to_contain_text("Verstuur dat eerst.")
        yield State("device-wipe", "Nothing unsent is ever wiped", page, whole=True)
        page.goto("/tablet/#/uitloggen")
        expect(page.get_by_text("Er is geen verbinding.")).to_be_visible()
        yield State("log-out-offline", "Logging out without a connection", page)
        page.goto("/tablet/#/clienten")
        for hours, forward in ((24, "24:00:30"), (72, "48:00:30")):
            page.clock.fast_forward(forward)
            app.unlock()
            expect(page.get_by_text(f"Er wacht al meer dan {hours} uur werk")).to_be_visible()
            yield State(f"line-{hours}-hours", f"Work has waited for {hours} hours", page)
        page.clock.fast_forward(264 * HOUR)
        expect(page.get_by_text("Dit toestel is op slot")).to_be_visible()
        yield State("door-sealed", "Too long without the server: the clients are gone, her work waits", page)
        context.set_offline(False)


def _longest_lease(route: Route) -> None:
    answer = route.fetch()
    body = answer.json() | {"offline_hours": 336}
    route.fulfill(response=answer, body=json.dumps(body))


def withdrawn(browser: Browser, site: Site) -> Iterator[State]:
    """A tablet that was withdrawn while a question is open and work waits."""
    with device(browser, site) as (context, app):
        app.page.clock.install()
        app.enter()
        context.route(SENDING, busy)
        app.begin()
        app.expect_line("1 niet verzonden")
        context.route("**/tablet/toestellen/**", revoked)
        app.page.clock.fast_forward(4 * MINUTE)
        app.choose("Q2-1")
        app.page.clock.fast_forward(2 * MINUTE)  # not so long at once that it locks
        app.expect_heading(WITHDRAWN)
        yield State("withdrawn", "The tablet was withdrawn: what waits can still be sent", app.page)


def _wrong_pins(app: App) -> None:
    page = app.page
    page.get_by_label("Pincode van nu").fill("314159")
    page.get_by_label("Nieuwe pincode").fill(WEAK_PIN)
    page.get_by_label("Nog een keer").fill(WEAK_PIN)
    app.tap("Bewaar de pincode")
    expect(page.get_by_text("Deze pincode is te makkelijk.")).to_be_focused()


def refused(browser: Browser, site: Site) -> Iterator[State]:
    """What the server cannot take, what it derives otherwise, and a log-in that ended."""
    with taken(browser, site) as (context, app):
        page = app.page
        context.route(SENDING, _refuse)
        app.begin()
        app.choose("Q2-2")
        app.expect_heading(REVIEW)
        app.finish()
        expect(page.get_by_text("De server kan deze anamnese zo niet aannemen.")).to_be_visible()
        yield State("result-refused", "The server cannot take it like this: it is kept, and said", page)
        app.tap("Bekijk wat er niet klopt")
        app.expect_heading(REVIEW)
        expect(page.get_by_role("listitem").filter(has_text="niet in zorg")).to_be_visible()
        yield State("review-refused", "What is wrong, above what was entered", page)
        context.unroute(SENDING)
        context.route(SENDING, _differ)
        app.finish()
        expect(page.get_by_text("De server leidt een ander profiel af")).to_be_visible()
        yield State("result-differs", "Tablet and server disagree: said loudly, and reported", page)
        context.unroute(SENDING)
        app.tap("Volgende cliënt", "link")
        context.clear_cookies(name="sessionid")
        app.begin()
        app.choose("Q2-1")
        app.expect_heading("Log opnieuw in")
        yield State("door-session-ended", "The log-in ended in the middle: her work stays, sealed", page)


def _refuse(route: Route) -> None:
    route.fulfill(status=422, body=json.dumps(TOO_LATE), content_type="application/json")


def _differ(route: Route) -> None:
    answer = route.fetch()
    body = answer.json()
    if body.get("result"):
        body["result"] |= {"differs": True, "code": "TIJDELIJK"}
    route.fulfill(response=answer, body=json.dumps(body))


def full(browser: Browser, site: Site) -> Iterator[State]:
    """A tablet without room, and something that should never happen."""
    with browser.new_context(base_url=site.url, locale="nl-NL", has_touch=True) as context:
        app = App(context.new_page())
        app.enter()
        context.route(SENDING, lambda route: route.abort())
        app.begin()
        app.page.evaluate(FULL)
        app.choose("Q2-1")
        expect(app.page.get_by_text("Dit toestel is vol")).to_be_visible()
        yield State(
            "line-full", "A full tablet: the answer is on this screen only, and the line says so", app.page
        )
    with browser.new_context(base_url=site.url, locale="nl-NL", has_touch=True) as context:
        app = App(context.new_page())
        app.enter()
        app.page.evaluate("document.getElementById('t-device').remove()")
        app.tap("Dit toestel", "link")
        app.expect_heading("Er ging iets mis")
        yield State("broken", "Something that should not happen", app.page)


def colleague(browser: Browser, site: Site) -> Iterator[State]:
    """A colleague is at work with the same client."""
    with tablet(browser, site.url) as one, device(browser, site) as (_context, app):
        other = App(one.new_page())
        other.log_in(TEAM_LEAD)
        other.choose_pin()
        name = other.begin()
        other.choose("Q2-1")
        other.expect_line("Alles verzonden")
        app.enter()
        app.page.get_by_label("Zoek op naam").fill(name)
        row = app.page.locator(".entry").filter(has_text=name).first
        expect(row).to_contain_text("is ook bezig")
        yield State("list-colleague", "A colleague is at work with this client", app.page)
        row.locator(".entry-title").click()
        expect(app.page.get_by_text("Overleg wie de anamnese afmaakt.")).to_be_visible()
        yield State("client-colleague", "Who it is, and since when", app.page)


def new_version(browser: Browser, site: Site) -> Iterator[State]:
    """A new version of the app waits until she asks for it."""
    with taken(browser, site) as (_context, app):
        assert app.page.evaluate(IS_KEPT)
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        bring_new_version(site)
        app.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        expect(app.page.get_by_role("button", name="Nu bijwerken")).to_be_visible()
        yield State("new-version", "A new version waits until she asks for it", app.page)


WALKS = (two_versions, waiting, withdrawn, refused, full)
#: These leave the site otherwise than they found it; tests of their own look at them.
OWN_SITE = (colleague, new_version)
