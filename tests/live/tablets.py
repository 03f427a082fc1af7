"""Nurses at the running product: one that speaks the protocol, and one with the modules in a browser."""

import http.client
import json
from contextlib import closing
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from declarations.demo.people import PASSWORD
from tests.live.site import Site
from tests.profiles.dkdl import DKDL_2_0
from tests.waiting import wait_until

NURSE = "sanne@lindeboom.example"
JSON_TYPE = "application/json"
LATER = 503


class Session:
    """A nurse who is logged in, for as many threads as want; each request has a connection of its own."""

    def __init__(self, site: Site, email: str) -> None:
        self.port = site.port
        self.cookies: dict[str, str] = {}
        self.ask("GET", "/inloggen/")
        form = {"username": email, "password": PASSWORD, "csrfmiddlewaretoken": self.cookies["csrftoken"]}
        status, _body = self.ask("POST", "/inloggen/", urlencode(form), "application/x-www-form-urlencoded")
        assert status == 302

    def ask(self, method: str, path: str, body: str = "", kind: str = JSON_TYPE) -> tuple[int, bytes]:
        headers = {
            "Host": f"localhost:{self.port}",
            "Content-Type": kind,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "X-Requested-With": "fetch",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            for value in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.update({name: each.value for name, each in SimpleCookie(value).items()})
            return answer.status, answer.read()

    def get(self, path: str) -> dict[str, Any]:
        status, body = self.ask("GET", path)
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def put(self, sent: dict[str, Any]) -> tuple[int, bytes]:
        """Send until it is answered: who is told "later" (503) comes back, as a tablet does, only sooner."""
        answers: list[tuple[int, bytes]] = []

        def is_answered() -> bool:
            answers.append(self.ask("PUT", f"/tablet/anamneses/{sent['id']}/", json.dumps(sent)))
            return answers[-1][0] != LATER

        wait_until(is_answered, within=60, what="an answer other than later")
        return answers[-1]


def free_clients(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Return adult clients without a draft, and without an anamnese of today."""
    return [
        client
        for client in package["clients"]
        if client["draft"] is None
        and client["date_of_birth"] < "2000"
        and (client["last"] or {}).get("date") != package["day"]
    ]


MODULES = """
    const at = (name) => import(`/static/js/tablet/${name}.js`);
    const [database, draft, server, store, sync, vault] = await Promise.all(
      ['database', 'draft', 'server', 'store', 'sync', 'vault'].map(at));
    const t = window.t ??= {};
    t.pin = '314159';
    const open = async () => {
      t.db = await database.openDatabase();
      const known = await vault.listVaults(t.db);
      const { nurse, organisation } = t.package ?? {};
      const keys = known.length ? null : (await new server.Server().newKeys()).body;
      const whose = { organisation: organisation?.id, user: nurse?.id, pin: t.pin, keys };
      const unlock = () => vault.unlock(t.db, known[0].id, t.pin);
      t.open = known.length ? await unlock() : await vault.createVault(t.db, whose);
    };
    const work = ({ organisation, user }) => {
      t.store = new store.Store(t.db, t.open, { organisation, user });
      t.sync = new sync.Sync({ store: t.store, server: new server.Server(), name: t.open.id });
    };"""
PREPARE = """
    t.package = (await new server.Server().package()).body;
    await open();
    work({ organisation: t.package.organisation.id, user: t.package.nurse.id });
    return t.package;"""


def log_in(page: Page) -> None:
    """Log in as the nurse of the demo, to work by the pages."""
    page.goto("/inloggen/")
    page.evaluate("document.cookie = 'way=pages; path=/'")
    page.get_by_label("E-mailadres").fill(NURSE)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page).not_to_have_url("/inloggen/")


def run(page: Page, script: str, argument: object = None) -> Any:
    """Run a script with the modules, `t` (what earlier scripts kept), `open`, `work` and `a`."""
    return page.evaluate(f"async (a) => {{ {MODULES} {script} }}", argument)


def derived(code: str) -> dict[str, str]:
    """Return what a tablet with the shipped rules derives."""
    return {"code": code, "ruleset_hash": DKDL_2_0.ruleset_hash}
