"""A small site that serves the tablet's modules and the scripts that test them, and pages that run those."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Page

SCRIPTS = Path(__file__).parents[2] / "config" / "static" / "js"
TESTS = Path(__file__).parent
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'"
PAGE = "<!doctype html><html lang='nl'><title>Proef</title><script type='module' src='/{}.js'></script>"
#: A page by its address: the one that runs tests, a tab of the tablet, what Python calls.
PAGES = {"/run.html": "run", "/tab.html": "load", "/calls.html": "calls", "/thrown.html": "thrown"}
LOADERS = {
    "/load.js": "import * as m from '/support.js'; window.m = m;",
    "/calls.js": (
        "import { calls } from '/compared.js';"
        "Object.assign(window, { calls }); document.documentElement.dataset.ready = '';"
    ),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, text = self._file(self.path.partition("?")[0])
        self.send_response(200)
        for name, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY)):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def _file(self, path: str) -> tuple[str, str]:
        if path in LOADERS:
            return "text/javascript", LOADERS[path]
        if path.endswith(".js"):
            own = TESTS / path.lstrip("/")
            found = own if own.exists() else SCRIPTS / path.lstrip("/")
            return "text/javascript", found.read_text(encoding="utf-8")
        return "text/html; charset=utf-8", PAGE.format(PAGES.get(path, "nothing"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def script_site() -> Iterator[int]:
    """Serve the modules and what tests them, to every name of this machine; yields the port.

    Each name (`a.localhost`, `b.localhost`) is a tablet of its own: nothing that lies on one is on another.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Runner:
    """A page in which the tests of one file run, each on a tablet of its own."""

    page: Page
    port: int
    file: str

    def open(self, tablet: int | str) -> None:
        """Load the tests on a tablet that has nothing on it."""
        self.page.goto(f"http://{self.file}-{tablet}.localhost:{self.port}/run.html?file={self.file}")
        self.page.wait_for_selector("[data-ready]", state="attached")

    def names(self) -> list[str]:
        """Return the sentences that the tests prove."""
        self.open("names")
        found: list[str] = self.page.evaluate("names")
        return found

    def wrong(self, number: int) -> str | None:
        """Run one test; return what was wrong, None where all was well."""
        self.open(number)
        found: str | None = self.page.evaluate("run", number)
        return found


@dataclass(frozen=True)
class Called:
    """A page in which Python calls the modules by name."""

    page: Page

    def call(self, name: str, given: Any = None) -> Any:
        """Return what a function of `compared.js` says."""
        return self.page.evaluate("([name, given]) => calls[name](given)", [name, given])


def open_calls(context: BrowserContext, port: int) -> Called:
    """Open the page for calls on a tablet of its own."""
    page = context.new_page()
    page.goto(f"http://calls.localhost:{port}/calls.html")
    page.wait_for_selector("[data-ready]", state="attached")
    return Called(page)
