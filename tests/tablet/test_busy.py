"""A busy server says how long to wait (503 with Retry-After): the tablet waits so long, and loses nothing."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from questionnaires.schema.payload import payload_hash
from tests.tablet.pages import OK, Answers, Tab
from tests.tablet.sending import NOW

BUSY: tuple[int, Any, dict[str, str]] = (503, {"error": "busy", "message": "Druk."}, {"Retry-After": "5"})
KEEP_TIMERS = """
    t.timers = []; t.real = window.setTimeout;
    window.setTimeout = (work, pause) => { t.timers.push(pause); return t.real(work, pause); };"""


@pytest.mark.parametrize(
    ("status", "told", "pauses"),
    [
        (503, "5", [5_000, 7_500, 10_000]),
        (429, "30", [30_000, 45_000, 60_000]),
        (503, "Mon, 02 Mar 2026 10:00:20 GMT", [20_000, 30_000, 40_000]),
        (503, "86400", [300_000, 450_000, 600_000]),
        (503, "Mon, 02 Mar 2026 09:00:00 GMT", [0, 0, 0]),
        (503, "straks", [0, 0, 0]),
        (503, "-3", [0, 0, 0]),
        (503, None, [0, 0, 0]),
        (500, "5", [0, 0, 0]),
        (200, "5", [0, 0, 0]),
    ],
)
def test_it_waits_as_long_as_told_and_up_to_twice(
    tab: Tab, status: int, told: str | None, pauses: list[int]
) -> None:
    headers = {"Date": "Mon, 02 Mar 2026 10:00:00 GMT"} | ({"Retry-After": told} if told else {})
    found = tab.run(
        "const answer = { status: a.status, headers: new Headers(a.headers) };"
        "return [0, 0.5, 1].map((chance) => m.pauseOf(answer, () => chance));",
        {"status": status, "headers": headers},
    )
    assert found == pauses


def test_what_is_tapped_meanwhile_waits_too_and_goes_once(at_work: Tab, server: Answers) -> None:
    server.say(BUSY, OK)
    at_work.page.clock.install()
    at_work.run(KEEP_TIMERS + "await t.sync.run();")
    assert at_work.run("return (await t.status()).isPutOff;") is True
    for answer in ("2", "1", "2"):
        at_work.run("await t.change({ Q2: a }); await t.sync.run();", answer)
    assert len(server.payloads()) == 1
    assert [each for each in at_work.run("return t.timers;") if each < 10_000] == [
        pytest.approx(7_500, abs=2_500)
    ]
    at_work.page.clock.run_for(10_001)
    at_work.until("(await t.now()).state === 'sent'")
    first, again, newer = server.payloads()
    assert first == again  # the server may have had it after all
    assert (newer["answers"], newer["hash"]) == ({"Q2": "2"}, payload_hash(newer))
    assert at_work.run("return (await t.status()).isPutOff;") is False


def test_the_next_in_line_waits_as_well(at_work: Tab, server: Answers) -> None:
    server.say(BUSY)
    at_work.run("await t.put(m.newDraft({ client: m.OTHER_CLIENT })); await t.sync.run(); t.sync.stop();")
    assert len(server.payloads()) == 1


@pytest.mark.parametrize(
    "how",
    [
        "await t.sync.run({ isForced: true })",
        "await t.sync.start(); t.sync.isPutOff || window.dispatchEvent(new Event('online'))",
    ],
    ids=["her button", "a connection that came back"],
)
def test_she_may_try_sooner(at_work: Tab, server: Answers, how: str) -> None:
    server.say(BUSY, OK)
    at_work.run(f"await t.sync.run(); {how};")
    at_work.until("(await t.now()).state === 'sent'")
    assert at_work.run(NOW) == ["sent", 1, True]


def test_clients_that_were_not_brought_are_asked_for_again(tab: Tab, server: Answers) -> None:
    tab.page.clock.install()
    tab.run("""
        t.asked = 0;
        const reach = async () => { t.asked += 1; return 'ok'; };
        const db = await m.database.openDatabase();
        const { store, open } = await m.openStore(db);
        t.sync = new m.Sync({ store, server: new m.Server(), name: open.id, reach });
        t.sync.isReached = true;
        await t.sync.run();
        t.sync.missedAnswer();""")
    assert tab.run("return t.asked;") == 0
    tab.page.clock.run_for(3_001)
    tab.until("t.asked === 1")
    tab.page.clock.run_for(600_000)
    tab.until("!t.sync.isBusy")
    assert tab.run("return t.asked;") == 1


SAVE = """
    const { Saver } = await import('/anamnese-saver.js');
    const told = [];
    const tell = (state) => told.push(state);
    const saver = new Saver({ url: '/opslaan/', token: 'x', revision: 3, answers: {}, tell });
    const isFirst = await saver.set({ Q2: '1' });
    const isSecond = await saver.set({ Q2: '2' });
    const before = [...told];
    const isAsked = await saver.again();
    window.clearTimeout(saver.timer);
    return [isFirst, isSecond, before, isAsked, told.slice(before.length), saver.isUnsaved];"""


def test_the_servers_own_screens_wait_and_keep_too(tab: Tab, device: BrowserContext) -> None:
    sent: list[Any] = []

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "")["answers"])
        if len(sent) == 1:
            route.fulfill(status=503, headers={"Retry-After": "5"}, json={"error": "busy"})
        else:
            route.fulfill(json={"revision": 4, "answers": {"Q2": "2"}})

    device.route("**/opslaan/", answer)
    assert tab.run(SAVE) == [False, False, ["saving", "busy"], True, ["saving", "saved"], False]
    assert sent == [{"Q2": "1"}, {"Q2": "2"}]
