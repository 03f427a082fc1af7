"""The tablet's store and protocol against the running product: a thousand repeats, and cuts of every kind."""

import http.client
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from declarations.demo.people import PASSWORD
from profiles.engine import DKDL_2_0
from questionnaires.payload import payload_hash
from tests.browser import tablet
from tests.factories.anamneses import answers_for
from tests.live.site import Site
from tests.waiting import wait_until

NURSE = "sanne@lindeboom.example"
REPEATS, AT_ONCE = 1_000, 40
JSON_TYPE = "application/json"


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
        return self.ask("PUT", f"/tablet/anamneses/{sent['id']}/", json.dumps(sent))


def free_client(package: dict[str, Any]) -> dict[str, Any]:
    """Return an adult client without a draft, and without an anamnese of today."""
    found: dict[str, Any] = next(
        client
        for client in package["clients"]
        if client["draft"] is None
        and client["date_of_birth"] < "2000"
        and (client["last"] or {}).get("date") != package["day"]
    )
    return found


def finished(package: dict[str, Any], client: dict[str, Any], code: str) -> dict[str, Any]:
    fields = {
        "id": str(uuid4()),
        "nurse": package["nurse"]["id"],
        "organisation": package["organisation"]["id"],
        "client": client["id"],
        "date": package["day"],
        "version": "2.0",
        "revision": 0,
        "answers": answers_for(code),
        "corrects": None,
        "reason": "",
        "finish": True,
        "derived": {"code": code, "ruleset_hash": DKDL_2_0.ruleset_hash},
        "active_seconds": 90,
    }
    return fields | {"hash": payload_hash(fields)}


def test_a_thousand_repeats_at_once_make_one_anamnese_and_get_one_answer(demo_site: Site) -> None:
    session = Session(demo_site, NURSE)
    package = session.get("/tablet/pakket/")
    client = free_client(package)
    sent = finished(package, client, "DKDL-05")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = Counter(threads.map(lambda _number: session.put(sent), range(REPEATS)))
    ((status, body),) = answers
    assert status == 200
    assert json.loads(body)["result"]["code"] == "DKDL-05"
    after = {each["id"]: each for each in session.get("/tablet/pakket/")["clients"]}[client["id"]]
    assert (after["last"]["id"], after["draft"]) == (sent["id"], None)


def test_others_for_the_same_client_and_day_at_once_clash_with_the_first(demo_site: Site) -> None:
    session = Session(demo_site, NURSE)
    package = session.get("/tablet/pakket/")
    client = free_client(package)
    all_sent = [finished(package, client, "DKDL-02") for _number in range(200)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(session.put, all_sent))
    assert Counter(status for status, _body in answers) == {200: 1, 409: 199}
    stored = {json.loads(body)["stored"]["id"] for status, body in answers if status == 409}
    (taken,) = (json.loads(body)["id"] for status, body in answers if status == 200)
    assert stored == {taken}


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
FILL_IN = """
    const who = { organisation: a.organisation.id, nurse: a.nurse.id };
    const begun = { id: crypto.randomUUID(), who, client: a.client, version: '2.0', date: a.day };
    const made = draft.begin(begun, Date.now());
    const key = draft.keyOf(made);
    await t.store.put('draft', key, made);
    let answers = {};
    for (const [question, answer] of Object.entries(a.answers)) {
      answers = { ...answers, [question]: answer };
      const next = (d) => draft.change(d, { answers, seconds: d.seconds + 5 }, Date.now());
      await t.store.update('draft', key, next);
    }
    const done = (d) => draft.finish(d, { answers, derived: a.derived }, Date.now());
    await t.store.update('draft', key, done);
    await t.sync.run();
    t.sync.stop();
    return made.id;"""
ARRIVE = """
    await open();
    work({ organisation: a.organisation.id, user: a.nurse.id });
    await t.sync.run();
    const [found] = (await t.store.all('draft')).filter((each) => each.id === a.id);
    return [found.state, found.result, found.others];"""


@pytest.fixture
def device(browser: Browser, demo_site: Site) -> Any:
    with tablet(browser, demo_site.url) as context:
        yield context


def log_in(page: Page) -> None:
    page.goto("/inloggen/")
    page.get_by_label("E-mailadres").fill(NURSE)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page).not_to_have_url("/inloggen/")


def run(page: Page, script: str, argument: object = None) -> Any:
    return page.evaluate(f"async (a) => {{ {MODULES} {script} }}", argument)


def prepared(device: BrowserContext, code: str) -> tuple[Page, dict[str, Any]]:
    """Return a page with an open store, and what is needed to fill in one anamnese."""
    page = device.new_page()
    log_in(page)
    package = run(page, PREPARE)
    derived = {"code": code, "ruleset_hash": DKDL_2_0.ruleset_hash}
    work = {"answers": answers_for(code), "derived": derived, "client": free_client(package)["id"]}
    return page, {name: package[name] for name in ("nurse", "organisation", "day")} | work


def test_what_was_done_without_connection_arrives_when_the_browser_comes_back(
    device: BrowserContext, demo_site: Site
) -> None:
    page, work = prepared(device, "DKDL-08")
    device.set_offline(True)
    public_id = run(page, FILL_IN, work)
    page.close()
    device.set_offline(False)

    page = device.new_page()
    page.goto("/clienten/")
    state, result, others = run(page, ARRIVE, work | {"id": public_id})
    assert (state, result["code"], result["differs"], others) == ("sent", "DKDL-08", False, [])
    after = Session(demo_site, NURSE).get("/tablet/pakket/")
    assert public_id in [(each["last"] or {}).get("id") for each in after["clients"]]


def test_with_an_ended_session_everything_stays_until_the_nurse_is_back(
    device: BrowserContext, demo_site: Site
) -> None:
    page, work = prepared(device, "DKDL-03")
    device.clear_cookies()
    public_id = run(page, FILL_IN, work)
    assert run(page, "return t.sync.needsLogin;") is True
    log_in(page)
    state, result, _others = run(page, ARRIVE, work | {"id": public_id})
    assert (state, result["code"]) == ("sent", "DKDL-03")


def test_a_server_that_is_killed_loses_and_doubles_nothing(
    browser: Browser, make_site: Callable[[bool], Site]
) -> None:
    site = make_site(True)
    with tablet(browser, site.url) as context:
        page, work = prepared(context, "DKDL-11")
        for pid in site.pids("web"):
            with suppress(ProcessLookupError):  # it may end with the one before it
                os.kill(pid, signal.SIGKILL)
        public_id = run(page, FILL_IN, work)
        wait_until(lambda: run(page, ARRIVE, work | {"id": public_id})[0] == "sent")
    clients = Session(site, NURSE).get("/tablet/pakket/")["clients"]
    (mine,) = (each for each in clients if each["id"] == work["client"])
    assert (mine["last"]["id"], mine["last"]["code"], mine["draft"]) == (public_id, "DKDL-11", None)
