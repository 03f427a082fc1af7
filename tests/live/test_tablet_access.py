"""Access that ends while the tablet is in use: locked, logged out, out of time, revoked; the work stays."""

from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, NURSE, TEAM_LEAD, device
from tests.waiting import wait_until

MINUTE, HOUR = 60_000, 3_600_000
WITHDRAWN = "Verstuur wat hier nog staat"
SEALED = "Dit toestel is op slot"
ON_DISK = """async () => {
    const open = indexedDB.open("draagvlak-tablet");
    const db = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    const records = db.transaction("records").objectStore("records").getAll();
    const rows = await new Promise((resolve) => { records.onsuccess = () => resolve(records.result); });
    db.close();
    return rows.map(({ unsent }) => unsent);
}"""


def opens(context: BrowserContext, address: str) -> bool:
    """Tell whether the cookie alone opens a page of the server."""
    return "/inloggen/" not in context.request.get(address).url


def test_locking_locks_the_log_in_too_and_the_pin_opens_both(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        assert opens(context, "/clienten/")
        app.tap("Vergrendel")
        app.expect_heading("Geef je pincode")
        wait_until(lambda: not opens(context, "/clienten/"), what="the log-in to be locked")
        app.unlock()
        app.expect_heading(LIST)
        app.expect_line("Alles verzonden")
        wait_until(lambda: opens(context, "/clienten/"), what="the log-in to be open")

        context.set_offline(True)
        app.tap("Vergrendel")
        app.expect_heading("Geef je pincode")
        context.set_offline(False)
        app.page.reload()
        wait_until(lambda: not opens(context, "/clienten/"), what="the lock that was owed")


def test_a_log_in_that_ended_takes_the_clients_and_leads_back_to_her_question(
    browser: Browser, demo_site: Site
) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        name = app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        context.clear_cookies(name="sessionid")
        app.choose("Q3-1")
        expect(app.page.get_by_text(SEALED)).to_be_visible()
        assert name not in app.page.content()
        assert app.page.evaluate(ON_DISK) == [1]
        app.check()
        app.page.get_by_role("button", name="Log in", exact=True).click()
        app.give_password(NURSE)
        app.unlock()
        app.expect_heading("Draagkracht")
        app.expect_line("Alles verzonden")


def test_too_long_without_contact_closes_the_tablet_and_keeps_the_work(
    browser: Browser, demo_site: Site
) -> None:
    with device(browser, demo_site) as (context, app):
        app.page.clock.install()
        app.enter()
        context.set_offline(True)
        app.begin()
        app.choose("Q2-1")
        app.expect_line("Offline, 1 niet verzonden")
        app.page.clock.fast_forward(72 * HOUR + HOUR // 2)
        expect(app.page.get_by_text(SEALED)).to_be_visible()
        assert app.page.evaluate(ON_DISK) == [1]
        context.set_offline(False)
        app.log_in()
        app.unlock()
        app.expect_line("Alles verzonden")


def test_a_revoked_tablet_sends_what_waits_and_wipes_itself(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app), device(browser, demo_site) as (_lead, other):
        app.enter()
        context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))
        name = app.begin()
        app.choose("Q2-1")
        app.page.goto("/tablet/#/toestel")
        app.expect_heading("Hoe staat dit toestel ervoor?")
        code = app.page.locator("p.lead").inner_text().split()[1].rstrip(".")
        other.page.goto("/inloggen/?next=/team/toestellen/")
        other.give_password(TEAM_LEAD)
        other.page.get_by_role("link", name=code).click()
        other.tap("Trek in")
        expect(other.page.get_by_text("Toegang ingetrokken").first).to_be_visible()
        other.check()

        app.page.reload()
        app.unlock()
        app.tap("Mijn cliënten", "link")
        app.expect_heading(WITHDRAWN)
        app.check()
        assert name not in app.page.content()
        app.expect_line("1 niet verzonden")
        context.unroute("**/tablet/anamneses/**")
        app.tap("Nu versturen")
        app.expect_heading("Dit toestel is ingetrokken")
        assert app.page.evaluate(ON_DISK) == []
        other.page.reload()
        expect(other.page.get_by_text("Heeft zich gewist")).to_be_visible()


def test_a_tablet_that_is_revoked_while_a_question_is_open_says_so(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.page.clock.install()
        app.enter()
        context.route("**/tablet/anamneses/**", busy)
        name = app.begin()
        app.expect_line("1 niet verzonden")
        context.route("**/tablet/toestellen/**", revoked)
        app.page.clock.fast_forward(4 * MINUTE)
        app.choose("Q2-1")
        app.page.clock.fast_forward(2 * MINUTE)  # not so long at once that it locks
        app.expect_heading(WITHDRAWN)
        app.expect_line("1 niet verzonden")
        assert name not in app.page.content()
        assert 1 in app.page.evaluate(ON_DISK)
        app.check()
        app.page.go_back()
        app.expect_heading(WITHDRAWN)


def busy(route: Route) -> None:
    """Answer as a server that has no room just now."""
    route.fulfill(status=503, headers={"Retry-After": "3600"}, json={"error": "busy", "message": "druk"})


def revoked(route: Route) -> None:
    """Answer a report as the server does once the tablet was revoked."""
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"state": "revoked"})


def test_a_tablet_that_the_lead_wipes_gives_up_what_waits_too_and_says_so(
    browser: Browser, demo_site: Site
) -> None:
    with device(browser, demo_site) as (context, app), device(browser, demo_site) as (_lead, other):
        app.enter()
        context.route("**/tablet/anamneses/**", lambda route: route.abort("connectionreset"))
        name = app.begin()
        app.choose("Q2-1")
        app.page.goto("/tablet/#/toestel")
        app.page.get_by_label("Hoe noem je dit toestel?").fill("Sticker 12")
        app.tap("Bewaar de naam")
        expect(app.page.get_by_text("De naam is bewaard.")).to_be_visible()
        other.page.goto("/inloggen/?next=/team/toestellen/")
        other.give_password(TEAM_LEAD)
        other.page.get_by_role("link", name="Sticker 12").click()
        other.page.get_by_text("Alles wissen", exact=True).click()
        expect(other.page.get_by_text("ook 1 anamnese die nog niet is verzonden")).to_be_visible()
        other.tap("Wis alles van dit toestel")
        expect(other.page.get_by_role("status").filter(has_text="Dit geldt zodra")).to_be_visible()

        context.clear_cookies(name="sessionid")
        app.page.reload()
        app.expect_heading("Log eerst in")
        assert name not in app.page.content()
        assert app.page.evaluate(ON_DISK) == []
        other.page.reload()
        expect(other.page.get_by_text("Het toestel heeft gezegd dat het zich heeft gewist.")).to_be_visible()
