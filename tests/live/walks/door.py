"""Getting in on the tablet: the first time, after a pause, with a forgotten PIN, as somebody else."""

from collections.abc import Iterator

from playwright.sync_api import Browser, expect

from declarations.demo.people import PASSWORD
from tests.browser import tablet
from tests.live.site import Site
from tests.live.tablet_app import COLLEAGUE, LIST, OFFICER, OTHER_PIN, PIN, App
from tests.live.walks import State, taken

WRONG_PIN, NEW_PIN, WEAK_PIN = "161803", "577215", "123456"
INSECURE = "Object.defineProperty(window, 'isSecureContext', { value: false })"


def first_time(browser: Browser, site: Site) -> Iterator[State]:
    """The morning of somebody who has never worked on this tablet."""
    with tablet(browser, site.url) as context:
        app = App(context.new_page())
        page = app.page
        page.goto("/tablet/")
        app.expect_heading("Log eerst in")
        yield State("door-new", "A tablet that nobody works on yet", page)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        context.set_offline(True)
        page.reload()
        expect(page.get_by_text("Er is nu geen verbinding.")).to_be_visible()
        yield State("door-new-offline", "The first time needs a connection, and says so", page)
        context.set_offline(False)
        page.goto("/inloggen/?next=/tablet/")
        yield State("log-in", "Logging in with the password, once a day", page)
        page.route("**/versies/**", lambda route: route.abort())
        app.give_password("sanne@lindeboom.example")
        app.expect_heading("Kies een pincode voor dit toestel")
        yield State("pin-choose", "Choosing the PIN that opens this tablet without a connection", page)
        page.get_by_label("Pincode").fill(WEAK_PIN)
        page.get_by_label("Nog een keer").fill(WEAK_PIN)
        app.tap("Bewaar de pincode")
        expect(page.get_by_text("Deze pincode is te makkelijk.")).to_be_focused()
        yield State("pin-weak", "A PIN that is too easy", page)
        page.get_by_label("Pincode").fill(PIN)
        page.get_by_label("Nog een keer").fill(WRONG_PIN)
        app.tap("Bewaar de pincode")
        expect(page.get_by_text("De twee pincodes zijn niet gelijk.")).to_be_focused()
        yield State("pin-unequal", "Two PINs that are not the same", page)
        app.choose_pin()
        app.expect_heading("Hier komen je cliënten")
        yield State("list-empty", "Nothing was brought along yet", page)
        page.unroute("**/versies/**")
        app.tap("Haal ze nu op")
        app.expect_heading(LIST)


def unsafe(browser: Browser, site: Site) -> Iterator[State]:
    """An address that is no secure context, and a role that the tablet is not for."""
    with tablet(browser, site.url) as context:
        context.add_init_script(INSECURE)
        app = App(context.new_page())
        app.page.goto("/tablet/")
        app.expect_heading("Zonder beveiligde verbinding kan dit niet")
        yield State("door-insecure", "An address without a secure connection", app.page)
    with tablet(browser, site.url) as context:
        app = App(context.new_page())
        app.log_in(OFFICER)
        app.expect_heading("De tablet is voor de wijkverpleegkundige")
        yield State("door-other-role", "Logged in, but not as a nurse", app.page)


def locked(browser: Browser, site: Site) -> Iterator[State]:
    """Five wrong PINs, and the way back by the password."""
    with taken(browser, site) as (_context, app):
        page = app.page
        app.tap("Vergrendel")
        app.expect_heading("Geef je pincode")
        yield State("pin-ask", "Locked: the PIN opens it again, also without a connection", page)
        app.unlock(WRONG_PIN)
        expect(page.get_by_role("alert").first).to_contain_text("nog 4 keer")
        yield State("pin-wrong", "A wrong PIN, and how many tries are left", page)
        for left in (3, 2, 1):
            app.unlock(WRONG_PIN)
            expect(page.get_by_role("alert").first).to_contain_text(f"nog {left} keer")
        app.unlock(WRONG_PIN)
        expect(page.get_by_text("De pincode is te vaak fout ingevuld.")).to_be_visible()
        page.reload()
        expect(page.get_by_text("De pincode is te vaak fout ingevuld.")).to_be_visible()
        yield State("pin-barred", "After five wrong PINs only the password helps", page)
        app.tap("Kies een nieuwe pincode")
        app.expect_heading("Log eerst in")
        yield State("pin-forgotten-log-in", "A forgotten PIN: log in first", page)
        app.tap("Inloggen")
        page.route("**/versies/**", lambda route: route.abort())
        app.give_password("sanne@lindeboom.example")
        app.expect_heading("Je pincode is geblokkeerd")
        app.tap("Kies een nieuwe pincode")
        app.expect_heading("Kies een nieuwe pincode")
        yield State("pin-forgotten", "Another PIN, against the password", page)
        page.get_by_label("Wachtwoord").fill("verkeerd")
        page.get_by_label("Nieuwe pincode").fill(NEW_PIN)
        page.get_by_label("Nog een keer").fill(NEW_PIN)
        app.tap("Bewaar de pincode")
        expect(page.get_by_text("Dit wachtwoord klopt niet.")).to_be_focused()
        yield State("pin-forgotten-wrong", "A wrong password", page)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        app.tap("Bewaar de pincode")
        app.expect_heading(LIST)


def shared(browser: Browser, site: Site) -> Iterator[State]:
    """A colleague takes over a tablet that still holds unsent work of the first."""
    with taken(browser, site) as (context, app):
        page = app.page
        app.tap("Uitloggen", "link")
        expect(page.get_by_text("Alles is verzonden.")).to_be_visible()
        yield State("log-out", "Logging out when all was sent", page)
        page.go_back()
        context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Offline, 1 niet verzonden")
        app.tap("Uitloggen", "link")
        expect(page.get_by_text("Er is 1 anamnese nog niet verzonden.")).to_be_visible()
        yield State("log-out-unsent", "Logging out with unsent work: it stays, sealed", page)
        app.tap("Log uit en bewaar het hier")
        app.expect_heading("Log opnieuw in")
        app.tap("Log in met je wachtwoord")
        app.give_password(COLLEAGUE)
        app.choose_pin(OTHER_PIN)
        app.expect_heading(LIST)
        app.tap("Vergrendel")
        expect(page.get_by_role("button", name="Ik ben SdV")).to_be_visible()
        yield State("door-two-people", "Two people share this tablet", page)
        context.unroute("**/tablet/anamneses/**")
        app.tap("Ik ben SdV")
        app.unlock(PIN)
        expect(page.get_by_role("button", name="Log in om te versturen")).to_be_visible()
        yield State("line-log-in", "Her work is never sent as somebody else", page)


WALKS = (first_time, unsafe, locked, shared)
