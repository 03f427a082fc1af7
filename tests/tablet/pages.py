"""The tablet's modules in a real browser: a small site that serves them, and pages that call them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from tests.waiting import wait_until

SCRIPTS = Path(__file__).parents[2] / "config" / "static" / "js"
SUPPORT = Path(__file__).parent
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
EMPTY = "<!doctype html><html lang='nl'><title>Proef</title><script type='module' src='/load.js'></script>"
LOAD = "import * as m from '/support.js'; window.m = m;"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, text = self._file()
        self.send_response(200)
        for name, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY)):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def _file(self) -> tuple[str, str]:
        if self.path == "/load.js":
            return "text/javascript", LOAD
        folder = SUPPORT if self.path == "/support.js" else SCRIPTS
        if self.path.endswith(".js"):
            return "text/javascript", (folder / self.path.lstrip("/")).read_text(encoding="utf-8")
        return "text/html; charset=utf-8", EMPTY

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def script_site() -> Iterator[str]:
    """Serve the modules, and an empty page at every other address; yields the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@dataclass
class Answers:
    """The server in a test's hands: what it says to each request, the last one for ever; and what it got."""

    queue: list[tuple[Any, ...]] = field(default_factory=list)
    got: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def say(self, *answers: tuple[Any, ...]) -> None:
        """Answer like this from now on: status, body, and headers if any.

        Status 0: the connection breaks after the request has arrived.
        """
        self.queue = list(answers)

    def payloads(self) -> list[dict[str, Any]]:
        """Return what was PUT, in order."""
        return [body for method, _id, body in self.got if method == "PUT"]

    def handle(self, route: Route) -> None:
        """Answer one request."""
        request = route.request
        body = json.loads(request.post_data or "{}")
        public_id = request.url.rstrip("/").rsplit("/", 1)[-1]
        self.got.append((request.method, public_id, body))
        status, said, *headers = self.queue.pop(0) if len(self.queue) > 1 else self.queue[0]
        if status == 0:
            route.abort("connectionreset")
            return
        said = accepted(body, public_id) if said is None else said
        text = said if isinstance(said, str) else json.dumps(said)
        named = {"Content-Type": "application/json", **(headers[0] if headers else {})}
        route.fulfill(status=status, body=text, headers=named)


def accepted(body: dict[str, Any], public_id: str) -> dict[str, Any]:
    """Return what the server says when it takes something in."""
    if "hash" not in body:
        return {"id": public_id, "status": "discarded"}
    result = {"profile": "p", "code": "DKDL-01", "ruleset_hash": "0" * 64, "differs": False}
    return {
        "id": public_id,
        "hash": body["hash"],
        "status": "finished" if body["finish"] else "draft",
        "revision": body["revision"] + 1,
        "others": [],
        "result": result if body["finish"] else None,
    }


OK: tuple[int, Any] = (200, None)
BROKEN: tuple[int, Any] = (0, None)


def stored(public_id: str, **changed: Any) -> dict[str, Any]:
    """Return a stored anamnese as a clash brings it along."""
    kept = {"id": public_id, "status": "draft", "date": "2026-03-02", "version": "2.0", "revision": 7}
    return kept | {"answers": {"Q2": "2"}, "corrects": None, "saved_at": "2026-03-02T10:00:00Z"} | changed


@dataclass(frozen=True)
class Tab:
    """A tab with the modules loaded."""

    page: Page

    def run(self, script: str, argument: Any = None) -> Any:
        """Run the body of an async function of m (the modules, and what earlier ones kept in it) and a."""
        return self.page.evaluate(
            f"async (a) => {{ const m = window.m, t = window.t ??= {{}}; {script} }}", argument
        )

    def refusal(self, script: str, argument: Any = None) -> Any:
        """Run the same and return the reason of the error that it has to throw."""
        return self.run(
            f"try {{ await (async () => {{ {script} }})(); }}"
            " catch (error) { return error.reason ?? error.name; } return 'none';",
            argument,
        )

    def reload(self) -> None:
        """Load the page again: nothing in memory is left."""
        self.page.reload()
        self.wait()

    def until(self, condition: str) -> None:
        """Wait until the condition (an expression of m and t, which may be awaited) holds."""
        wait_until(lambda: self.run(f"return Boolean({condition});"), what=condition)

    def wait(self) -> None:
        """Wait until the modules are there."""
        self.until("window.m")


def open_tab(context: BrowserContext, address: str) -> Tab:
    """Open a tab on the site."""
    tab = Tab(context.new_page())
    tab.page.goto(f"{address}/")
    tab.wait()
    return tab


def listen(context: BrowserContext, answers: Answers) -> None:
    """Let the tests' server answer what the tabs ask."""
    context.route("**/tablet/anamneses/**", partial(_answer, answers))


def _answer(answers: Answers, route: Route) -> None:
    answers.handle(route)
