"""Logging out: done when the server says that nobody is logged in, and owed until then."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.tablet.pages import Tab

LOCK = "const lock = await import('/tablet/app/lock.js'); const owed = () => localStorage['draagvlak-owed'];"
LEAVE = LOCK + "return [await lock.endLogin('kluis'), owed()];"
Answer = Callable[[Route], None]


def gone(route: Route) -> None:
    route.abort("connectionrefused")


def guest_network(route: Route) -> None:
    route.fulfill(body="<h1>Welkom</h1>", content_type="text/html")


def nobody(route: Route) -> None:
    route.fulfill(status=401, json={"error": "not_logged_in"})


def listen(device: BrowserContext, logging_out: Answer, package: Answer) -> None:
    for address, answer in (("**/uitloggen/", logging_out), ("**/tablet/pakket/", package)):
        device.unroute(address)
        device.route(address, answer)


def test_it_is_done_when_the_server_knows_nobody(tab: Tab, device: BrowserContext) -> None:
    listen(device, guest_network, nobody)
    assert tab.run(LEAVE) == [True, None]


@pytest.mark.parametrize("answer", [gone, guest_network])
def test_what_did_not_reach_the_server_is_done_later(
    tab: Tab, device: BrowserContext, answer: Answer
) -> None:
    listen(device, answer, answer)
    assert tab.run(LEAVE) == [False, "kluis"]
    assert tab.run(LOCK + "return (await lock.fetchPackage()).kind;") == "offline"
    listen(device, nobody, nobody)
    tab.reload()
    assert tab.run(LOCK + "return [(await lock.fetchPackage()).kind, owed()];") == ["ended", None]


def test_who_comes_back_herself_stays_logged_in(tab: Tab, device: BrowserContext) -> None:
    listen(device, gone, gone)
    tab.run(LEAVE)
    assert tab.run(LOCK + "lock.stayIn('andere'); return owed();") == "kluis"
    assert tab.run(LOCK + "lock.stayIn('kluis'); return [await lock.settle(), owed()];") == [True, None]


LOCKED = "const locked = () => localStorage['draagvlak-locked'] ?? null;"


def test_a_colleague_who_opens_hers_leaves_the_log_in_of_before_to_be_locked(
    tab: Tab, device: BrowserContext
) -> None:
    device.route("**/tablet/vergrendelen/", gone)
    left = tab.run(
        LOCK + LOCKED + "lock.owesLock(true, 'kluis'); lock.stayIn('andere'); lock.owesLock(false, 'andere');"
        "lock.stayIn('andere'); return [await lock.settle(), locked()];"
    )
    assert left == [False, "quiet kluis"]
    assert tab.run(LOCK + LOCKED + "lock.stayIn('kluis'); return locked();") is None


def test_what_is_owed_is_done_at_the_first_contact(tab: Tab, device: BrowserContext) -> None:
    sent: list[object] = []

    def locks(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(json={"locked": True})

    device.unroute("**/tablet/vergrendelen/")
    device.route("**/tablet/vergrendelen/", locks)
    told = tab.run(LOCK + LOCKED + "lock.owesLock(false, 'kluis'); return [await lock.settle(), locked()];")
    assert (told, sent) == ([True, None], [{"quiet": False}])
