"""Filling in on the tablet: from the list of clients to the result."""

from collections.abc import Iterator

from playwright.sync_api import Browser, expect

from tests.live.site import Site
from tests.live.tablet_app import LIST, RESULT, REVIEW, App
from tests.live.walks import State, taken

CHILD = "MKT"


def whole_way(browser: Browser, site: Site) -> Iterator[State]:
    """From the list to the result, without connection, with every hint and mistake on the way."""
    with taken(browser, site) as (context, app):
        page = app.page
        yield State("list", "The client list: who is due, and what was sent", page)
        page.get_by_label("Zoek op naam").fill("zoekt niemand")
        expect(page.get_by_text("Geen cliënt gevonden.")).to_be_visible()
        yield State("list-nobody", "Searching for somebody who is not there", page)
        page.get_by_label("Zoek op naam").fill("")
        context.set_offline(True)
        app.tap("Alleen wie aan de beurt is")
        due = page.locator(".entry").filter(has_text="DKDL").filter(has_text="Start").first
        due.locator(".entry-title").click()
        expect(page.get_by_role("link", name="Waarom dit profiel")).to_be_visible()
        yield State("client", "One client", page)
        app.tap("Nieuwe anamnese", "link")
        app.expect_heading("Om te beginnen")
        app.expect_line("Offline, 1 niet verzonden")
        yield State("gates", "The first questions; age answers itself, last time's answers are a hint", page)
        yield from _groups(app)
        app.finish()
        expect(page.get_by_text("nog niet verzonden.")).to_be_visible()
        yield State("result-offline", "The result, derived on the tablet itself", page, whole=True)
        context.set_offline(False)
        app.expect_line("Alles verzonden")
        yield from _afterwards(app)


def _groups(app: App) -> Iterator[State]:
    page = app.page
    app.choose("Q2-1", "Q3-1")
    app.expect_heading("Draagkracht")
    page.locator(".option-more summary").first.click()
    expect(page.locator(".option-more p").first).to_be_visible()
    yield State("draagkracht-definition", "What an option means is one tap away", page)
    app.tap("Volgende")
    expect(page.get_by_role("alert").filter(has_text="nog geen antwoord")).to_be_focused()
    yield State("draagkracht-missing", "Going on without an answer", page)
    app.choose("Q4-2", "Q5-1", "Q6-2")
    app.expect_heading("Draaglast")
    yield State("draaglast", "Two questions of the burden", page)
    app.choose("Q7-2", "Q8-2")
    app.expect_heading("Ondersteuningsbehoefte")
    app.choose("Q9-1", "Q10-2")
    yield State("ondersteuning", "Questions about support; each answer is kept at once", page)
    app.choose("Q11-1")
    app.expect_heading("Verpleegtechnische zorg")
    app.choose("Q12-2")
    expect(page.locator("#Q13")).to_be_visible()
    app.tap("Nakijken")
    expect(page.get_by_role("alert").filter(has_text="nog geen antwoord")).to_be_focused()
    yield State("techniek-missing", "Technical care without saying which", page)
    app.choose("Q13-sonde")
    yield State("techniek", "Several may be ticked, so it does not go on by itself", page)
    page.get_by_role("link", name="Vorige").click()
    app.expect_heading("Ondersteuningsbehoefte")
    app.tap("Volgende")
    app.choose("Q12-1")
    expect(page.get_by_text("Deze vragen gelden nu niet")).to_be_visible()
    yield State("techniek-dropped", "What does not apply now is set aside, and said", page)
    app.tap("Nakijken")
    app.expect_heading(REVIEW)
    yield State("review", "Reading over before finishing", page, whole=True)
    page.get_by_role("link", name="wijzig de datum").click()
    app.expect_heading("Van welke dag is deze anamnese?")
    yield State("date", "Another day than today", page)
    page.get_by_role("link", name="Terug naar de vragen").click()
    app.expect_heading(REVIEW)


def _afterwards(app: App) -> Iterator[State]:
    page = app.page
    page.locator("a.back").click()
    app.tap("Nieuwe anamnese", "link")
    app.expect_heading("Er is vandaag al een anamnese")
    yield State("taken", "One day has one anamnese", page)
    app.tap("Corrigeer", "link")
    app.expect_heading("Wat wil je corrigeren?")
    yield State("correct", "A correction says what it mends", page)
    page.get_by_label("Wat klopte er niet?").fill("De mantelzorger was er wel")
    app.tap("Begin de correctie")
    app.expect_heading(REVIEW)
    page.get_by_role("link", name="wijzig Mantelzorg").click()
    app.choose("Q7-1")
    app.tap("Volgende")
    page.goto(page.url.rpartition("/")[0] + "/nakijken")
    app.expect_heading(REVIEW)
    yield State("correct-review", "Reading a correction over", page, whole=True)
    app.finish()
    expect(page.get_by_text("Dit is een correctie")).to_be_visible()
    yield State("correct-result", "The result of a correction", page, whole=True)


def exceptions(browser: Browser, site: Site) -> Iterator[State]:
    """The results without a score: palliative, not yet known, not known, and a child."""
    ways = {"PTZ": ("Q2-2",), "Tijdelijk": ("Q2-1", "Q3-2"), "Geen": ("Q2-1", "Q3-3")}
    with taken(browser, site) as (_context, app):
        for code, answers in ways.items():
            app.begin()
            app.choose(*answers)
            app.expect_heading(REVIEW)
            app.finish()
            expect(app.page.locator(".verdict")).to_contain_text(code)
            app.expect_line("Alles verzonden")
            yield State(f"result-{code.lower()}", f"The result {code}: nothing else is asked", app.page)
            app.tap("Volgende cliënt", "link")
            app.expect_heading(LIST)
        child = app.page.locator(".entry").filter(has_text=CHILD).first
        child.locator(".entry-title").click()
        app.tap("Waarom dit profiel", "link")
        app.expect_heading(RESULT)
        yield State("result-mkt", "The result of a child: age alone decides", app.page)


def begun(browser: Browser, site: Site) -> Iterator[State]:
    """Drafts: gone on with, thrown away, brought back, open in two tabs, not complete."""
    with taken(browser, site) as (context, app):
        page = app.page
        app.begin()
        app.choose("Q2-1", "Q3-1")
        app.choose("Q4-1")
        app.expect_line("Alles verzonden")
        other = App(context.new_page())
        other.page.goto(page.url)
        other.unlock()
        other.expect_heading("Verder met dit concept?")
        yield State("resume", "Going on with a draft is asked, never done by itself", other.page)
        other.tap("Verder")
        other.expect_heading("Dit concept staat al open")
        yield State("elsewhere", "The same draft in two tabs", other.page)
        other.page.close()
        page.goto(page.url.rpartition("/")[0] + "/nakijken")
        app.tap("Afronden")
        expect(page.locator("#fouten")).to_be_focused()
        yield State("review-missing", "Finishing with answers missing", page, whole=True)
        page.goto("/tablet/#/clienten")
        expect(page.get_by_text("Concept, vandaag").first).to_be_visible()
        yield State("list-begun", "A draft waits on the list", page)
        page.locator(".entry").get_by_role("link", name="Verder").first.click()
        app.tap("Weggooien", "link")
        app.expect_heading("Dit concept weggooien?")
        yield State("discard", "Throwing away asks first", page)
        app.tap("Gooi het weg")
        expect(page.get_by_text("Tot een dag later kun je het terughalen.")).to_be_visible()
        yield State("discarded", "What was thrown away comes back within a day", page)


WALKS = (whole_way, exceptions, begun)
