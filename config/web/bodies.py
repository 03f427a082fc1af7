"""Bodies of requests: small ones are taken in before a thread is spent on them, large ones as they come.

Both have deadlines: whoever sends a byte now and then holds a connection, and nothing else.
"""

import asyncio
import io
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Protocol

SMALL = 1 << 20  # bytes; forms and JSON are at most as large (DATA_UPLOAD_MAX_MEMORY_SIZE)
SMALL_SECONDS = 15.0
STALL_SECONDS = 15.0
GRACE_SECONDS = 20.0
FROM_ONE_ADDRESS = 8 * SMALL  # bytes of small bodies that may be on their way at once
FROM_ALL = 64 * SMALL
LEAST_RATE = 16_000  # bytes per second on average, once the grace is over: a line of 128 kbit/s


class TooSlowError(OSError):
    """A body did not come in time."""


class CutOffError(OSError):
    """A body ended before all of it was there: what did come is never taken for the whole."""


class TooLargeError(Exception):
    """A body is larger than what may come without a log-in, or than was announced."""


class TooMuchError(Exception):
    """So much is on its way already, from one address or from all, that it would only fill the memory."""


class Budget:
    """How many announced bytes of small bodies may be on their way at once, in this process.

    A body that never comes costs what was announced, for as long as it is waited for. That a request brings
    a cookie is no reason to trust it: nobody has looked at that yet.
    """

    def __init__(self, *, from_one: int = FROM_ONE_ADDRESS, from_all: int = FROM_ALL) -> None:
        self._from_one = from_one
        self._from_all = from_all
        self._on_their_way: Counter[str] = Counter()

    @contextmanager
    def spent(self, address: str, length: int) -> Iterator[None]:
        """Take so many bytes for an address until they are in. Raises TooMuchError."""
        on_its_way = self._on_their_way
        if on_its_way[address] + length > self._from_one or on_its_way.total() + length > self._from_all:
            raise TooMuchError
        on_its_way[address] += length
        try:
            yield
        finally:
            on_its_way[address] -= length
            if not on_its_way[address]:
                del on_its_way[address]


class Chunks(Protocol):
    """What the web server gives: the parts of a body as they come in."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return the parts."""


async def take_in(chunks: Chunks, length: int, *, seconds: float = SMALL_SECONDS) -> io.BytesIO:
    """Return a whole body of so many bytes, at its beginning.

    Raises TooSlowError, TooLargeError, CutOffError.
    """
    body = io.BytesIO()
    if not length:
        return body
    try:
        async with asyncio.timeout(seconds):
            async for chunk in chunks:
                body.write(chunk)
                if body.tell() > length:
                    raise TooLargeError
    except TimeoutError as error:
        raise TooSlowError from error
    if body.tell() < length:
        raise CutOffError
    body.seek(0)
    return body


def incoming(chunks: Chunks, length: int, loop: asyncio.AbstractEventLoop) -> io.BufferedReader:
    """Return a large body of so many bytes for a thread to read while it comes in."""
    return io.BufferedReader(IncomingBody(chunks, length, loop))


class IncomingBody(io.RawIOBase):
    """A large body for a thread that reads it while it comes in; reading raises TooSlowError, CutOffError.

    `loop` is where the parts arrive.
    """

    def __init__(self, chunks: Chunks, length: int, loop: asyncio.AbstractEventLoop) -> None:
        self._parts = chunks.__aiter__()
        self._length = length
        self._loop = loop
        self._rest = b""
        self._began = time.monotonic()
        self._received = 0
        self._ended = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "memoryview[int]", /) -> int:  # type: ignore[override]
        """Fill the buffer with what there is, waiting for the next part where there is nothing."""
        while not self._rest and not self._ended:
            self._rest = self._next_part()
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken

    def _next_part(self) -> bytes:
        waiting = asyncio.run_coroutine_threadsafe(_next(self._parts), self._loop)
        try:
            part = waiting.result(STALL_SECONDS)
        except TimeoutError as error:
            waiting.cancel()
            raise TooSlowError from error
        self._ended = part is None
        self._received += len(part or b"")
        if self._ended and self._received < self._length:
            raise CutOffError
        passed = time.monotonic() - self._began - GRACE_SECONDS
        if passed > 0 and self._received < passed * LEAST_RATE:
            raise TooSlowError
        return part or b""


async def _next(parts: AsyncIterator[bytes]) -> bytes | None:
    try:
        # Not anext() with a default: on the web server's own iterator that crashes the whole process.
        return await parts.__anext__()
    except StopAsyncIteration:
        return None
