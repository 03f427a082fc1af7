"""A client goes to another team while work is still on a tablet: it stays, is explained, and is sent."""

import json
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Browser, Route, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, REVIEW, App, device

SENDING = "**/tablet/anamneses/**"
PACKAGE = "**/tablet/pakket/"
WHY = "Deze cliënt hoorde op deze datum bij een ander team."


def without(name: str, route: Route) -> None:
    """Answer with the package, as it is after the client went."""
    answer = route.fetch()
    package = answer.json()
    package["clients"] = [client for client in package["clients"] if client["name"] != name]
    route.fulfill(response=answer, json=package)


def refuse(route: Route) -> None:
    route.fulfill(status=403, json={"error": "not_permitted", "message": WHY})


def refuse_to(step: str, reason: str, status: int) -> Callable[[Route], None]:
    """Return what refuses by name, as the server does, but takes what is handed over."""
    refusal = {"error": "refused", "reason": reason, "message": WHY, "step": step, "problems": []}

    def answer(route: Route) -> None:
        sent = json.loads(route.request.post_data or "")
        if route.request.url.endswith("/doorgeven/"):
            route.fulfill(json={"id": sent["id"], "hash": sent["hash"], "status": "handed_over"})
        else:
            route.fulfill(status=status, json=refusal)

    return answer


def test_refused_work_is_named_in_the_line_and_handed_over(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        name = app.begin()
        line = app.page.locator("#stand")
        context.route(SENDING, refuse_to("change_date", "date", 422))
        app.choose("Q2-1")
        expect(line).to_contain_text(f"Niet aangenomen: {name}")
        expect(line).to_contain_text(WHY)
        expect(line.get_by_role("button", name="Geef door")).to_have_count(0)
        line.get_by_role("link", name=f"Kijk na en verbeter {name}").click()
        app.expect_heading(REVIEW)

        context.unroute(SENDING)
        context.route(SENDING, refuse_to("hand_over", "other_team", 403))
        app.tap("Nu versturen")
        app.tap(f"Geef door aan het andere team {name}")
        expect(app.page.get_by_text(f"Doorgegeven: {name}.")).to_be_visible()
        app.page.goto("/tablet/#/clienten")
        app.expect_line("Alles verzonden")
        expect(line).not_to_contain_text("Niet aangenomen")
        app.check()


def bring_along(app: App) -> None:
    app.page.goto("/tablet/#/toestel")
    with app.page.expect_response(PACKAGE):
        app.tap("Werk de cliënten bij")
    app.tap("Mijn cliënten", "link")
    app.expect_heading(LIST)


def test_work_of_a_client_who_moved_is_kept_explained_and_sent(browser: Browser, demo_site: Site) -> None:
    with device(browser, demo_site) as (context, app):
        app.enter()
        name = app.begin()
        app.choose("Q2-1")
        app.expect_line("Alles verzonden")
        context.route(PACKAGE, partial(without, name))
        context.route(SENDING, refuse)
        bring_along(app)
        expect(
            app.page.locator("#rijen").get_by_text("niet meer bij jouw cliënten", exact=True)
        ).to_be_visible()
        app.page.locator("#rijen").get_by_role("link", name=name, exact=True).click()
        expect(app.page.get_by_text("Deze cliënt staat niet meer bij jouw cliënten")).to_be_visible()
        expect(app.page.get_by_role("link", name="Nieuwe anamnese")).to_have_count(0)
        app.check()

        app.tap("Verder met het concept", "link")
        app.tap("Verder")
        app.choose("Q3-2")
        app.expect_heading(REVIEW)
        app.finish()
        expect(app.page.locator("#stand")).to_contain_text(name)
        expect(app.page.locator("#stand")).to_contain_text(WHY)
        app.tap("Bekijk wat er niet klopt")
        app.expect_heading(REVIEW)
        expect(app.page.locator("#fouten")).to_contain_text(WHY)
        expect(app.page.locator("#Q3")).to_contain_text("Nog niet, wel binnen 4 weken")
        app.check()

        context.unroute(SENDING)
        app.finish()
        app.expect_line("Alles verzonden")
        bring_along(app)
        expect(app.page.locator("#rijen").get_by_role("link", name=name, exact=True)).to_be_visible()
