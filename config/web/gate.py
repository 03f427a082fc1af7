"""The gate of the website: no thread for a request that is not all there, and "later" said in time.

Four groups of threads in each process, so that none can take the others' place: pages (everything small), the
door (where passwords are looked at), uploads (large bodies, read as they come in) and downloads (answers that
are streamed). Who would have to wait too long behind others gets 503 with Retry-After at once, which costs
next to nothing: overload must not cost throughput.
"""

import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from care.accounts.throttle import place_of
from config.web import bodies, environ, refusals

PAGES, PAGES_WAITING = 4, 24
DOOR, DOOR_WAITING = 2, 8
UPLOADS, UPLOADS_WAITING = 4, 8
DOWNLOADS, DOWNLOADS_WAITING = 4, 8
OPENED_SECONDS = 30.0  # by then the server has the file open itself

log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FullError(Exception):
    """So many wait already that another would only wait in vain."""


@dataclass(slots=True)
class Lane:
    """A group of threads, and how many may wait for one."""

    name: str
    threads: int
    waiting: int
    taken: int = 0
    pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place in the group, to be kept while it is used. Raises FullError when too many wait."""
        if self.taken >= self.threads + self.waiting:
            raise FullError
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def run(self, work: Callable[[], Any]) -> Any:
        """Do work in a thread of the group. Raises FullError when too many wait."""
        with self.place():
            return await self.in_thread(work)

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        """Do work for which there is a place already."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)


@dataclass(slots=True)
class GateAnswer:
    """What the application said: a status, headers, and a body that is whole or still to be made."""

    status: int
    headers: Headers
    body: bytes | Iterable[bytes]


class Gate:
    """An application for the web server's own interface (RSGI) around a WSGI application."""

    def __init__(self, application: Wsgi, *, doors: tuple[str, ...] = ()) -> None:
        self.application = application
        self.doors = doors
        self.door = Lane("door", DOOR, DOOR_WAITING)
        self.pages = Lane("page", PAGES, PAGES_WAITING)
        self.uploads = Lane("upload", UPLOADS, UPLOADS_WAITING)
        self.downloads = Lane("download", DOWNLOADS, DOWNLOADS_WAITING)
        self.budget = bodies.Budget()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, proto)
            if not isinstance(answer.body, bytes):
                await self._stream(answer, answer.body, proto)
                return
        except (FullError, bodies.TooMuchError):
            answer = GateAnswer(*refusals.later(environ.asker(scope)))
        except bodies.TooSlowError:
            answer = GateAnswer(*refusals.TOO_SLOW)
        except bodies.CutOffError:
            answer = GateAnswer(*refusals.CUT_OFF)
        except bodies.TooLargeError:
            answer = GateAnswer(*refusals.TOO_LARGE)
        except environ.NoLengthError:
            answer = GateAnswer(*refusals.NO_LENGTH)
        except Exception:
            log.exception("request_failed")
            answer = GateAnswer(*refusals.FAULT)
        proto.response_bytes(answer.status, answer.headers, answer.body)

    async def _answer(self, scope: Any, proto: Any) -> GateAnswer:
        length = environ.announced_length(scope)
        body: IO[bytes]
        if length > bodies.SMALL:
            if not environ.has_credentials(scope):
                raise bodies.TooLargeError
            lane, body = self.uploads, bodies.incoming(proto, length, asyncio.get_running_loop())
        else:
            with self.budget.spent(place_of(environ.address(scope)), length):
                lane, body = self._lane_of(scope), await bodies.take_in(proto, length)
        request = environ.environ_of(scope, body)
        answer: GateAnswer = await lane.run(lambda: _called(self.application, request))
        return answer

    def _lane_of(self, scope: Any) -> Lane:
        at_a_door = scope.method == "POST" and scope.path.startswith(self.doors)
        return self.door if self.doors and at_a_door else self.pages

    async def _stream(self, answer: GateAnswer, body: Iterable[bytes], proto: Any) -> None:
        """Make a body in a nameless file, and let the server send that at the pace of the receiver.

        What breaks off while it is made never passes for the whole. Who takes it slowly holds a connection
        and a place on the disk: no thread, and no memory. Raises FullError before anything went.
        """
        try:
            with self.downloads.place():
                file, size = await self.downloads.in_thread(lambda: _made(body))
        except FullError:
            _close(body)
            raise
        headers = [pair for pair in answer.headers if pair[0] != "content-length"]
        headers.append(("content-length", str(size)))
        proto.response_file(answer.status, headers, f"/dev/fd/{file.fileno()}")
        asyncio.get_running_loop().call_later(OPENED_SECONDS, file.close)


def _made(body: Iterable[bytes]) -> tuple[IO[bytes], int]:
    """Make a body in this one thread, whose connection of the database it uses; return file and size."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once the server has opened it
    try:
        for chunk in body:
            file.write(chunk)
        file.flush()
    except BaseException:
        file.close()
        raise
    finally:
        _close(body)
    size = file.tell()
    file.seek(0)
    return file, size


def _called(application: Wsgi, request: dict[str, Any]) -> GateAnswer:
    """Call the application in this thread; a body that is no stream is made here."""
    said: list[Any] = []
    body = application(request, lambda status, headers, *_rest: said.extend((status, headers)))
    status, headers = int(said[0].split(" ", 1)[0]), [(name.lower(), value) for name, value in said[1]]
    has_body = request["REQUEST_METHOD"] != "HEAD"
    if has_body and getattr(body, "streaming", False) and not _is_small(headers):
        return GateAnswer(status, headers, body)
    try:
        return GateAnswer(status, headers, b"".join(body) if has_body else b"")
    finally:
        _close(body)


def _is_small(headers: Headers) -> bool:
    """Say whether a streamed body, as a static file is, is so small that it is quicker made whole."""
    length = dict(headers).get("content-length", "")
    return length.isdigit() and int(length) <= bodies.SMALL


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
