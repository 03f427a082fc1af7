"""The tablet's store and protocol against the running product: a thousand repeats, and cuts of every kind."""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from questionnaires.schema.payload import payload_hash
from tests.browser import tablet
from tests.factories.anamneses import answers_for
from tests.live.site import Site
from tests.live.tablets import NURSE, PREPARE, Session, derived, free_clients, log_in, run
from tests.waiting import wait_until

REPEATS, AT_ONCE = 1_000, 40


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
        "derived": derived(code),
        "active_seconds": 90,
    }
    return fields | {"hash": payload_hash(fields)}


def test_a_thousand_repeats_at_once_make_one_anamnese_and_get_one_answer(demo_site: Site) -> None:
    session = Session(demo_site, NURSE)
    package = session.get("/tablet/pakket/")
    client = free_clients(package)[0]
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
    client = free_clients(package)[0]
    all_sent = [finished(package, client, "DKDL-02") for _number in range(200)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(session.put, all_sent))
    assert Counter(status for status, _body in answers) == {200: 1, 409: 199}
    stored = {json.loads(body)["stored"]["id"] for status, body in answers if status == 409}
    (taken,) = (json.loads(body)["id"] for status, body in answers if status == 200)
    assert stored == {taken}


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


def prepared(device: BrowserContext, code: str) -> tuple[Page, dict[str, Any]]:
    """Return a page with an open store, and what is needed to fill in one anamnese."""
    page = device.new_page()
    log_in(page)
    package = run(page, PREPARE)
    work = {"answers": answers_for(code), "derived": derived(code), "client": free_clients(package)[0]["id"]}
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
