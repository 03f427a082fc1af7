"""The gate of the website: slow and hostile senders hold nobody up, and too many are told "later" at once."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from config.databases import CONNECTIONS
from config.web import bodies, refusals
from config.web.environ import environ_of
from config.web.gate import (
    DOOR,
    DOOR_WAITING,
    DOWNLOADS,
    DOWNLOADS_WAITING,
    PAGES,
    PAGES_WAITING,
    UPLOADS,
    Gate,
)
from exchange.rest.problems import ApiProblem, Code

Result = TypeVar("Result")
Told = tuple[int, dict[str, str], bytes]
BIG = bodies.SMALL + 1


@pytest.fixture(autouse=True)
def _opened_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let go of a download as soon as it was handed over: the loop of a test ends at once."""
    monkeypatch.setattr("config.web.gate.OPENED_SECONDS", 0.0)


class Proto:
    """What the web server gives an application for one request: a body in parts, and ways to answer."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self.parts = parts
        self.sent: list[bytes] = []
        self.status = 0
        self.headers: dict[str, str] = {}

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.parts

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.sent = status, dict(headers), [body]

    def response_file(self, status: int, headers: list[tuple[str, str]], path: str) -> None:
        self.status, self.headers, self.sent = status, dict(headers), [Path(path).read_bytes()]

    @property
    def told(self) -> Told:
        return self.status, self.headers, b"".join(self.sent)


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run in a thread of its own: the driver of the browser has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def parts(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def silence() -> AsyncIterator[bytes]:
    yield b"a"
    await asyncio.sleep(3600)


class Headers(dict[str, str]):
    """Headers as the server gives them: one pair per line that was sent."""


def scope(method: str = "GET", path: str = "/", **headers: str) -> SimpleNamespace:
    given = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return SimpleNamespace(
        method=method,
        path=path,
        query_string="",
        http_version="1.1",
        scheme="http",
        server="127.0.0.1:8000",
        client="192.0.2.1:4000",
        authority=None,
        headers=given,
    )


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return [environ["PATH_INFO"].encode("latin-1"), b" ", environ["wsgi.input"].read(length)]


async def ask(gate: Gate, request: SimpleNamespace, body: AsyncIterator[bytes] | None = None) -> Told:
    proto = Proto(body or parts())
    await gate.__rsgi__(request, proto)
    return proto.told


def asked(gate: Gate, request: SimpleNamespace, body: AsyncIterator[bytes] | None = None) -> Told:
    return run(ask(gate, request, body))


def test_it_hands_a_request_on_with_its_path_and_its_body() -> None:
    request = scope("POST", "/naar/é", content_length="4")
    assert asked(Gate(echo), request, parts(b"ab", b"cd")) == (
        200,
        {"content-type": "text/plain"},
        "/naar/é abcd".encode(),
    )


def test_a_small_body_that_does_not_come_costs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SMALL_SECONDS", 0.05)
    gate = Gate(echo)

    async def try_it() -> list[Told]:
        slow = [ask(gate, scope("POST", content_length="9"), silence()) for _time in range(50)]
        waiting = [asyncio.create_task(each) for each in slow]
        await asyncio.sleep(0)
        assert (await ask(gate, scope()))[0] == 200
        assert gate.pages.taken == 0
        return await asyncio.gather(*waiting)

    assert {status for status, _headers, _body in run(try_it())} == {408}


def test_one_address_fills_no_memory_with_what_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SMALL_SECONDS", 0.05)
    gate = Gate(echo)

    def from_(client: str, *chunks: bytes) -> Coroutine[Any, Any, Told]:
        request = scope("POST", content_length=str(bodies.SMALL), cookie="sessionid=x")
        request.client = client
        return ask(gate, request, parts(*chunks) if chunks else silence())

    async def try_it() -> tuple[list[Told], Told, Told]:
        whole = b"a" * bodies.SMALL
        slow = [asyncio.create_task(from_(f"[2001:db8::{last}]:{4000 + last}")) for last in range(8)]
        await asyncio.sleep(0)
        same, other = await from_("[2001:db8::99]:1", whole), await from_("[2001:db8:0:1::1]:1", whole)
        timed_out = await asyncio.gather(*slow)
        assert (await from_("[2001:db8::99]:1", whole))[0] == 200
        return timed_out, same, other

    timed_out, same, other = run(try_it())
    assert {status for status, _headers, _body in timed_out} == {408}
    assert (same[0], same[1]["retry-after"], other[0]) == (503, "5", 200)


def test_all_together_fill_no_memory_either() -> None:
    budget = bodies.Budget(from_one=4, from_all=6)
    room = budget.spent("third", 1)
    with budget.spent("one", 4), budget.spent("other", 2), pytest.raises(bodies.TooMuchError):
        room.__enter__()
    with budget.spent("one", 4):
        assert budget.spent("third", 2).__enter__() is None


def test_more_than_was_announced_is_refused() -> None:
    assert asked(Gate(echo), scope("POST", content_length="2"), parts(b"abc"))[0] == 413


def test_nobody_sends_much_without_saying_who_it_is() -> None:
    assert asked(Gate(echo), scope("POST", content_length=str(BIG)), parts(b"a"))[0] == 413
    sent = scope("POST", content_length=str(BIG), cookie="sessionid=x")
    status, _headers, body = asked(Gate(echo), sent, parts(b"a" * (BIG - 3), b"bcd"))
    assert (status, body) == (200, b"/ " + b"a" * (BIG - 3) + b"bcd")


@pytest.mark.parametrize("length", [9, BIG])
def test_a_body_that_breaks_off_is_not_taken_for_the_whole(length: int) -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ["wsgi.input"].read(length)
        return echo(environ, start_response)

    sent = scope("POST", content_length=str(length), cookie="sessionid=x")
    assert asked(Gate(application), sent, parts(b"abc"))[0] == 400


def test_a_body_of_unknown_length_is_not_taken_for_an_empty_one() -> None:
    assert asked(Gate(echo), scope("POST", transfer_encoding="chunked"), parts(b"abc"))[0] == 411


def test_no_header_passes_for_another() -> None:
    request = scope(X_Forwarded_For="192.0.2.9")
    request.headers["X_Forwarded_For"] = "198.51.100.7"
    request.headers["Content_Length"] = "7"
    made = environ_of(request, None)
    assert made["HTTP_X_FORWARDED_FOR"] == "192.0.2.9"
    assert "CONTENT_LENGTH" not in made


def test_a_large_body_that_stalls_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "STALL_SECONDS", 0.05)
    sent = scope("POST", content_length=str(BIG), authorization="Bearer x")
    assert asked(Gate(echo), sent, silence())[0] == 408


def test_a_large_body_that_trickles_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE_SECONDS", -1.0)
    sent = scope("POST", content_length=str(BIG), cookie="sessionid=x")
    assert asked(Gate(echo), sent, parts(b"a", b"a"))[0] == 408


def test_who_comes_too_late_is_told_at_once_and_nobody_else_suffers() -> None:
    go = threading.Event()

    def busy(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        go.wait(10)
        return echo(environ, start_response)

    gate = Gate(busy)
    room = PAGES + PAGES_WAITING

    async def try_it() -> tuple[Told, list[Told]]:
        admitted = [asyncio.create_task(ask(gate, scope())) for _time in range(room)]
        await asyncio.sleep(0)
        refused = await ask(gate, scope())
        go.set()
        return refused, await asyncio.gather(*admitted)

    refused, admitted = run(try_it())
    assert (refused[0], refused[1]["retry-after"]) == (503, "5")
    assert {status for status, _headers, _body in admitted} == {200}


def test_at_the_door_few_wait_and_pages_go_on() -> None:
    go = threading.Event()

    def hashing(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            go.wait(10)
        return echo(environ, start_response)

    gate = Gate(hashing, doors=("/inloggen/",))

    async def try_it() -> tuple[Told, Told]:
        at_door = [ask(gate, scope("POST", "/inloggen/")) for _time in range(DOOR + DOOR_WAITING)]
        waiting = [asyncio.create_task(each) for each in at_door]
        await asyncio.sleep(0)
        one_more, page = await ask(gate, scope("POST", "/inloggen/")), await ask(gate, scope())
        go.set()
        await asyncio.gather(*waiting)
        return one_more, page

    one_more, page = run(try_it())
    assert (one_more[0], page[0]) == (503, 200)


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (scope(), "text/html; charset=utf-8"),
        (scope(x_requested_with="fetch"), "application/json; charset=utf-8"),
        (scope(path="/api/v1/files"), "application/problem+json; charset=utf-8"),
    ],
)
def test_later_is_said_in_the_words_of_who_asks(request_: SimpleNamespace, kind: str) -> None:
    gate = Gate(echo)
    gate.pages.taken = PAGES + PAGES_WAITING
    status, headers, body = asked(gate, request_)
    assert (status, headers["content-type"]) == (503, kind)
    assert "te druk" in body.decode()


def test_the_api_would_say_the_same() -> None:
    own = ApiProblem(503, Code.BUSY, refusals._BUSY_API).answer()
    status, _headers, body = refusals.later("program")
    assert (status, json.loads(body)) == (own.status_code, json.loads(own.content))


class Streamed:
    """A body that is made while it is sent, all in one thread."""

    streaming = True

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.threads: set[int] = set()
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.threads.add(threading.get_ident())
            yield chunk

    def close(self) -> None:
        self.closed = True


def streaming(body: Streamed, **headers: str) -> Gate:
    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Streamed:
        start_response("200 OK", [(name.replace("_", "-"), value) for name, value in headers.items()])
        return body

    return Gate(application)


@pytest.mark.parametrize("announced", [{}, {"Content_Length": str(BIG)}])
def test_a_download_is_made_in_one_thread_and_closed(announced: dict[str, str]) -> None:
    body = Streamed(b"a", b"", b"b" * (BIG - 1))
    told = asked(streaming(body, **announced), scope())
    assert told == (200, {"content-length": str(BIG)}, b"a" + b"b" * (BIG - 1))
    assert len(body.threads) == 1
    assert body.closed


class Failing(Streamed):
    """A body that fails halfway."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"a"
        raise RuntimeError("halfway")


def test_a_download_that_fails_halfway_does_not_pass_for_the_whole() -> None:
    body = Failing()
    gate = streaming(body)
    status, _headers, told = asked(gate, scope())
    assert (status, body.closed, gate.downloads.taken) == (500, True, 0)
    assert told.startswith(b"<!doctype html>")


def test_a_download_that_has_to_wait_too_long_is_told_later_before_it_begins() -> None:
    body = Streamed(b"a" * BIG)
    gate = streaming(body, Content_Length=str(BIG))
    gate.downloads.taken = DOWNLOADS + DOWNLOADS_WAITING
    assert asked(gate, scope())[0] == 503
    assert body.closed


def test_who_asks_for_the_headers_only_gets_no_body_made() -> None:
    body = Streamed(b"a" * BIG)
    assert asked(streaming(body, Content_Length=str(BIG)), scope("HEAD"))[2] == b""
    assert (body.threads, body.closed) == (set(), True)


def test_an_application_that_fails_is_told_of_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def application(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> list[bytes]:
        return []

    assert asked(Gate(application), scope())[0] == 500
    assert "request_failed" in caplog.text


def test_each_thread_has_a_connection_of_the_database() -> None:
    assert CONNECTIONS == PAGES + DOOR + UPLOADS + DOWNLOADS


def test_a_small_file_is_sent_whole() -> None:
    body = Streamed(b"a", b"b")
    assert asked(streaming(body, Content_Length="2"), scope())[2] == b"ab"
    assert body.closed


def test_who_takes_a_download_slowly_holds_no_thread_and_no_file_with_a_name() -> None:
    body = Streamed(b"a" * BIG)
    gate = streaming(body, Content_Length=str(BIG))
    handed: list[str] = []

    class Recorded(Proto):
        """Notes what the server is given to send at its own pace."""

        def response_file(self, status: int, headers: list[tuple[str, str]], path: str) -> None:
            handed.append(path)

    run(gate.__rsgi__(scope(), Recorded(parts())))
    assert body.closed
    assert gate.downloads.taken == 0
    assert handed[0].startswith("/dev/fd/")


def test_uploads_have_threads_of_their_own() -> None:
    gate = Gate(echo)
    gate.uploads.taken = UPLOADS + gate.uploads.waiting
    sent = scope("POST", content_length=str(BIG), cookie="sessionid=x")
    assert asked(gate, sent, parts(b"a"))[0] == 503
    assert asked(gate, scope())[0] == 200
