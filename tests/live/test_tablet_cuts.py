"""Random cuts: under store and protocol with three anamneses at once, and under a nurse's hands."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from questionnaires.schema.payload import payload_hash
from tests import cuts
from tests.browser import tablet
from tests.factories.anamneses import answers_for
from tests.live.site import Site
from tests.live.tablets import NURSE, PREPARE, Session, derived, free_clients, log_in, run

SEEDS = range(2)
RUNS = 5
CODES = ("DKDL-01", "DKDL-06", "DKDL-11")
ADDRESS = "**/tablet/anamneses/**"

BACK = "await open(); work({ organisation: a.organisation.id, user: a.nurse.id });"
BEGIN = """
    const who = { organisation: a.organisation.id, nurse: a.nurse.id };
    const made = draft.begin({ id: a.id, who, client: a.client, version: '2.0', date: a.date }, Date.now());
    await t.store.put('draft', draft.keyOf(made), made);"""
ANSWER = """
    const change = (d) => draft.change(d, { answers: { ...d.answers, ...a.answer } }, Date.now());
    await t.store.update('draft', { client: a.client, version: '2.0', id: a.id }, change);"""
FINISH = """
    const done = (d) => draft.finish(d, { answers: d.answers, derived: a.derived }, Date.now());
    await t.store.update('draft', { client: a.client, version: '2.0', id: a.id }, done);"""
SEND = "await t.sync.run(); t.sync.stop();"
LEFT = "return (await t.store.all('draft')).filter(draft.isUnsent).map((d) => [d.id, d.state, d.clash]);"


def as_it_should(route: Route) -> None:
    route.continue_()


def lost_on_the_way(route: Route) -> None:
    route.abort("connectionreset")


def answer_lost(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


def sent_twice(route: Route) -> None:
    route.fetch()
    route.continue_()


def logged_out(route: Route) -> None:
    body = json.dumps({"error": "not_logged_in"})
    route.fulfill(status=401, body=body, content_type="application/json")


def guest_network(route: Route) -> None:
    route.fulfill(status=200, body="<h1>Welkom</h1>", content_type="text/html")


def broken_server(route: Route) -> None:
    route.fulfill(status=503, body="<h1>Even geduld</h1>", content_type="text/html")


WAYS: tuple[Callable[[Route], None], ...] = (
    as_it_should,
    lost_on_the_way,
    answer_lost,
    sent_twice,
    logged_out,
    guest_network,
    broken_server,
)


@pytest.fixture
def device(browser: Browser, demo_site: Site) -> Iterator[BrowserContext]:
    with tablet(browser, demo_site.url) as context:
        yield context


def plans(package: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return what is done in one run: for three clients an anamnese of a day of its own."""
    day = (date.fromisoformat(package["day"]) - timedelta(days=seed + 1)).isoformat()
    clients = [each for each in free_clients(package) if (each["last"] or {}).get("date") != day]
    return [
        {name: package[name] for name in ("nurse", "organisation")}
        | {"id": str(uuid4()), "client": client["id"], "date": day, "code": code, "derived": derived(code)}
        for client, code in zip(clients, CODES, strict=False)
    ]


def steps(work: list[dict[str, Any]], random: Random) -> list[dict[str, Any]]:
    """Return every answer of every plan, each plan's in its own order, mixed."""
    waiting = [_answers(plan) for plan in work]
    mixed = []
    while any(waiting):
        mixed.append(random.choice([each for each in waiting if each]).pop(0))
    return mixed


def _answers(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan | {"answer": {question: given}} for question, given in answers_for(plan["code"]).items()]


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_lose_double_and_mix_nothing(device: BrowserContext, demo_site: Site, seed: int) -> None:
    random, ways = Random(seed), Random(-1 - seed)  # noqa: S311 - repeatable, not secret

    def answer(route: Route) -> None:
        ways.choice(WAYS)(route)

    device.route(ADDRESS, answer)
    page = device.new_page()
    log_in(page)
    work = plans(run(page, PREPARE), seed)
    for plan in work:
        run(page, BEGIN, plan)
    for step in steps(work, random):
        run(page, ANSWER, step)
        page = cut(device, page, step, random)
    for plan in work:
        run(page, FINISH, plan)
    run(page, SEND)
    device.unroute(ADDRESS)
    run(page, SEND)
    assert run(page, LEFT) == []
    for plan in work:
        assert_arrived(Session(demo_site, NURSE), plan)


def cut(device: BrowserContext, page: Page, step: dict[str, Any], random: Random) -> Page:
    """Do nothing, send, kill the tab (while it sends, or not), or lock it; return the tab that goes on."""
    what = random.choice(("nothing", "send", "send", "killed while sending", "killed", "locked"))
    if what == "send":
        run(page, SEND)
    if what == "killed while sending":
        run(page, "t.sync.run().catch(() => {});")
    if what.startswith("killed"):
        page.close()
        page = device.new_page()
        page.goto("/clienten/")
        run(page, BACK, step)
    if what == "locked":
        run(page, "t.sync.stop(); t.open.lock();" + BACK, step)
    return page


def assert_arrived(session: Session, plan: dict[str, Any]) -> None:
    """The server holds this anamnese finished, with these answers, at this client, and no draft."""
    other = {
        "id": plan["id"],
        "nurse": plan["nurse"]["id"],
        "organisation": plan["organisation"]["id"],
        "client": plan["client"],
        "date": plan["date"],
        "version": "2.0",
        "revision": 0,
        "answers": {},
        "corrects": None,
        "reason": "",
        "finish": False,
        "derived": None,
        "active_seconds": 0,
    }
    status, body = session.put(other | {"hash": payload_hash(other)})
    stored = json.loads(body)["stored"]
    assert (status, stored["id"], stored["status"]) == (409, plan["id"], "finished")
    assert stored["answers"] == {"Q1": "1", **answers_for(plan["code"])}
    clients = session.get("/tablet/pakket/")["clients"]
    assert [each["draft"] for each in clients if each["id"] == plan["client"]] == [None]


def test_cuts_under_a_nurses_hands_lose_double_and_mix_nothing(
    browser: Browser, make_site: Callable[[bool], Site]
) -> None:
    tally = cuts.run_all(make_site(True), browser.browser_type, range(RUNS))
    assert tally.findings == []
    assert (tally.runs, tally.lost, tally.doubled, tally.mixed) == (RUNS, 0, 0, 0)
    assert tally.cuts.total() > RUNS
