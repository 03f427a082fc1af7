"""The server's own screens: an answer counts as saved when the server says so, and nobody else."""

import json

from playwright.sync_api import BrowserContext, Route

from tests.tablet.pages import Tab

SAVE = """
    const { Saver } = await import('/anamnese-saver.js');
    const told = [];
    const tell = (state) => told.push(state);
    const saver = new Saver({ url: '/opslaan/', token: 'x', revision: 3, answers: {}, tell });
    const isSaved = await saver.set({ Q2: '1' });
    window.clearTimeout(saver.timer);
    return [isSaved, saver.isUnsaved, saver.revision, told];"""


def test_a_guest_network_that_says_200_saves_nothing(tab: Tab, device: BrowserContext) -> None:
    device.route("**/opslaan/", lambda route: route.fulfill(body="<h1>Welkom</h1>", content_type="text/html"))
    assert tab.run(SAVE) == [False, True, 3, ["saving", "offline"]]


def test_the_server_that_says_it_does(tab: Tab, device: BrowserContext) -> None:
    device.route("**/opslaan/", lambda route: route.fulfill(json={"revision": 4, "answers": {}}))
    assert tab.run(SAVE) == [True, False, 4, ["saving", "saved"]]


#: Another tap while the first is on its way; what came back of other screens stays in the set.
MEANWHILE = """
    const { Saver } = await import('/anamnese-saver.js');
    const told = [];
    const tell = (state) => told.push(state);
    const about = { url: '/opslaan/', token: 'x', revision: 3, answers: {}, tell };
    const saver = new Saver(about);
    const first = saver.set({ Q2: '1', Q3: [] });
    const isSaved = await saver.set({ Q2: '1', Q3: ['2'] });
    await first;
    return [isSaved, told, saver.answers];"""


def test_saved_is_said_only_when_the_last_tap_has_arrived(tab: Tab, device: BrowserContext) -> None:
    sent: list[object] = []

    def answer(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "")["answers"])
        answers = {"Q2": "1", "Q4": "2"} | ({"Q3": "2"} if len(sent) > 1 else {})
        route.fulfill(json={"revision": 3 + len(sent), "answers": answers, "returned": {"Q4": "2"}})

    device.route("**/opslaan/", answer)
    whole = {"Q2": "1", "Q3": "2", "Q4": "2"}
    assert tab.run(MEANWHILE) == [True, ["saving", "saving", "saved"], whole]
    assert sent == [{"Q2": "1", "Q3": []}, {"Q2": "1", "Q3": ["2"], "Q4": "2"}]


BUSY = """
    const { Saver } = await import('/anamnese-saver.js');
    const busy = [10.6, 2, 7];
    const about = { url: '/opslaan/', token: 'x', revision: 3, answers: {}, tell() {} };
    const saver = new Saver({ ...about, take: () => busy.shift() ?? 0 });
    await saver.set({ Q2: '1' });
    await saver.again();
    return [saver.seconds(), saver.seconds()];"""


def test_the_seconds_go_along_until_they_arrive_and_then_no_more(tab: Tab, device: BrowserContext) -> None:
    told: list[int] = []

    def answer(route: Route) -> None:
        told.append(json.loads(route.request.post_data or "")["seconds"])
        if len(told) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(json={"revision": 4, "answers": {}})

    device.route("**/opslaan/", answer)
    assert tab.run(BUSY) == [7, 7]
    assert told == [11, 13]
