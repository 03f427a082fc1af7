"""The small scripts, in a real browser, against a small server that answers what a test tells it to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

SCRIPTS = Path(__file__).parents[2] / "config" / "static" / "js"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says: by default a page of HTML."""

    body: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Site:
    """The server of one test: answers per method and path, the last one for ever; and what was asked."""

    address: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: str) -> Answer:
        self.asked.append(request)
        waiting = self.answers.get(request, [Answer(status=404)])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def page(self, script: str, body: str) -> Answer:
        return Answer(
            f'<!doctype html><html lang="nl"><title>Proef</title>'
            f'<script type="module" src="/{script}.js"></script><main>{body}</main></html>'
        )


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = SCRIPTS / self.path.lstrip("/")
            if script.suffix == ".js":
                self.say(Answer(script.read_text(encoding="utf-8")), "text/javascript")
            else:
                self.say(site.answer(f"GET {self.path}"))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.say(site.answer(f"POST {self.path}"))

        def say(self, answer: Answer, kind: str = "text/html; charset=utf-8") -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY), *answer.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@pytest.fixture
def show(browser: Browser, site: Site) -> Iterator[Callable[[str, str], Page]]:
    """Open a page that loads one script: `show("busy", "<form>…")`. An error in a script fails the test."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page(script: str, body: str) -> Page:
        site.answers["GET /"] = [site.page(script, body)]
        page.goto(f"{site.address}/")
        return page

    yield open_page
    page.close()
    assert errors == []


Show = Callable[[str, str], Page]
FORM = '<form method="post" action="/send"{}><button class="btn" data-busy="Bezig…">Opslaan</button></form>'
UPLOAD = """
<form method="post" action="/files" enctype="multipart/form-data" data-upload>
  <input type="file" name="file" aria-label="Bestand">
  <button class="btn" data-busy="Bezig…">Lees in</button>
  <div data-upload-progress hidden><progress max="100" value="0" aria-label="Versturen"></progress></div>
  <p data-upload-failed hidden>Niet aangekomen</p>
</form>"""


def send_file(page: Page) -> None:
    """Choose a file and press the button."""
    page.get_by_label("Bestand").set_input_files(
        files={"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 1000}
    )
    page.locator("button").click()


class TestBusy:
    def test_it_sends_a_form_once(self, site: Site, show: Show) -> None:
        site.answers["POST /send"] = [Answer(status=204)]
        page = show("busy", FORM.format(""))

        with page.expect_response("**/send"):
            page.get_by_role("button").click()
        page.get_by_role("button").click()

        expect(page.get_by_role("button")).to_have_text("Bezig…")
        assert page.evaluate("document.querySelector('form').ariaBusy") == "true"
        assert site.asked.count("POST /send") == 1

    def test_it_leaves_a_download_alone(self, site: Site, show: Show) -> None:
        site.answers["POST /send"] = [Answer(status=204)]
        page = show("busy", FORM.format(" data-repeat"))

        for _time in range(2):
            with page.expect_response("**/send"):
                page.get_by_role("button").click()

        assert site.asked.count("POST /send") == 2
        expect(page.get_by_role("button")).to_have_text("Opslaan")

    def test_it_brings_the_focus_to_the_errors(self, show: Show) -> None:
        page = show("busy", '<div data-focus tabindex="-1">Er klopt iets niet</div>')

        expect(page.locator("[data-focus]")).to_be_focused()


class TestMenu:
    MENUS = (
        '<details class="menu" id="a"><summary>Rol</summary><button>Een</button></details>'
        '<details class="menu" id="b"><summary>Naam</summary><button>Twee</button></details><p>Tekst</p>'
    )

    def test_it_closes_on_a_click_elsewhere(self, show: Show) -> None:
        page = show("menu", self.MENUS)
        page.get_by_text("Rol").click()
        page.get_by_text("Naam").click()
        expect(page.locator("details[open]")).to_have_id("b")

        page.get_by_text("Tekst").click()

        expect(page.locator("details[open]")).to_have_count(0)

    def test_it_closes_on_escape_and_returns_the_focus(self, show: Show) -> None:
        page = show("menu", self.MENUS)
        page.get_by_text("Rol").click()
        page.get_by_text("Een").focus()

        page.keyboard.press("Escape")

        expect(page.locator("details[open]")).to_have_count(0)
        expect(page.locator("#a summary")).to_be_focused()


class TestRefresh:
    PART = '<div data-refresh-url="/part" data-refresh-seconds="0.02" aria-live="polite">nul</div>'
    DONE = (("X-Draagvlak-Done", "1"),)

    def test_it_shows_what_is_new_until_all_is_done(self, site: Site, show: Show) -> None:
        site.answers["GET /part"] = [Answer("een"), Answer("twee", headers=self.DONE), Answer("te veel")]
        page = show("refresh", self.PART)

        expect(page.locator("[data-refresh-state=done]")).to_have_text("twee")
        assert site.asked.count("GET /part") == 2

    def test_it_stops_when_there_is_nothing_more(self, site: Site, show: Show) -> None:
        site.answers["GET /part"] = [Answer(status=204)]
        page = show("refresh", self.PART)

        expect(page.locator("[data-refresh-state=done]")).to_have_text("nul")

    def test_it_goes_on_after_a_fault(self, site: Site, show: Show) -> None:
        site.answers["GET /part"] = [Answer(status=503), Answer("weer goed", headers=self.DONE)]
        page = show("refresh", self.PART)

        expect(page.locator("[data-refresh-state=done]")).to_have_text("weer goed")

    def test_it_keeps_the_focus_and_what_was_opened(self, site: Site, show: Show) -> None:
        inside = '<button id="again">Opnieuw</button><details id="why"><summary>Waarom</summary>{}</details>'
        site.answers["GET /part"] = [Answer("", 503)]
        page = show("refresh", self.PART.replace("nul", inside.format("nul")))
        page.locator("#why summary").click()
        page.locator("#again").focus()

        site.answers["GET /part"] = [Answer(inside.format("een"), headers=self.DONE)]

        expect(page.locator("[data-refresh-state=done]")).to_contain_text("een")
        expect(page.locator("#again")).to_be_focused()
        expect(page.locator("#why[open]")).to_have_count(1)

    def test_it_loads_the_page_once_more_where_the_address_leads_on(self, site: Site, show: Show) -> None:
        site.answers["GET /part"] = [Answer("", 503)]
        page = show("refresh", self.PART.replace(" aria-live", ' data-refresh-then="reload" aria-live'))
        site.answers["GET /"] = [Answer(status=302, headers=(("Location", "/made"),))]
        site.answers["GET /made"] = [Answer("<main>Klaar</main>")]
        site.answers["GET /part"] = [Answer("", headers=self.DONE)]

        page.wait_for_url("**/made")
        expect(page.locator("main")).to_have_text("Klaar")
        assert site.asked.count("GET /") == 2

    def test_it_does_not_touch_what_is_the_same(self, site: Site, show: Show) -> None:
        same = Answer('<b id="same">een</b>')
        site.answers["GET /part"] = [same, Answer("", 503)]
        page = show("refresh", self.PART)
        expect(page.locator("#same")).to_be_visible()
        page.evaluate("document.getElementById('same').marked = true")

        site.answers["GET /part"] = [same, Answer(same.body, headers=self.DONE)]

        expect(page.locator("[data-refresh-state=done]")).to_have_count(1)
        assert page.evaluate("document.getElementById('same').marked") is True


class TestUpload:
    def test_it_follows_to_the_page_of_the_file(self, site: Site, show: Show) -> None:
        site.answers["POST /files"] = [Answer(status=302, headers=(("Location", "/files/1"),))]
        site.answers["GET /files/1"] = [Answer("<main>Ingelezen</main>")]
        page = show("upload", UPLOAD)

        send_file(page)

        page.wait_for_url("**/files/1")
        expect(page.locator("main")).to_have_text("Ingelezen")

    def test_it_shows_what_was_wrong_and_can_be_sent_again(self, site: Site, show: Show) -> None:
        refused = site.page("upload", f"<h1 tabindex='-1'>Niet ingelezen</h1>{UPLOAD}")
        site.answers["POST /files"] = [Answer(refused.body, 422)]
        page = show("upload", UPLOAD)

        for _time in range(2):
            with page.expect_response("**/files"):
                send_file(page)
            expect(page.locator("h1")).to_be_focused()

        assert site.asked.count("POST /files") == 2

    def test_it_says_when_nothing_arrived_and_keeps_the_file(self, site: Site, show: Show) -> None:
        site.answers["POST /files"] = [Answer("Bad gateway", 502)]
        page = show("upload", UPLOAD)

        send_file(page)

        expect(page.get_by_text("Niet aangekomen")).to_be_visible()
        expect(page.locator("button")).to_have_text("Lees in")
        assert page.evaluate("document.querySelector('input').files.length") == 1
        assert site.asked.count("POST /files") == 1

    def test_it_shows_how_far_it_is(self, site: Site, show: Show) -> None:
        page = show("upload", UPLOAD)
        page.route("**/files", lambda _route: None)

        send_file(page)

        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.locator("button")).to_have_text("Bezig…")
