"""Calls as a tablet makes them, over connections of their own: by hand, so that the caller costs little."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import date
from random import Random
from statistics import quantiles
from typing import Any

from questionnaires.schema.payload import payload_hash
from tests.bench.load_people import Nurse

ANSWERS = ({"Q2": "1"}, {"Q2": "1", "Q3": "1"}, {"Q2": "1", "Q3": "1", "Q4": "2"})
TOKEN = secrets.token_hex(16)
LATER = 503


@dataclass(slots=True)
class Outcome:
    """A stretch of time: seconds per save that got through, tries that were put off, what went wrong."""

    took: list[float] = field(default_factory=list)
    offered: int = 0
    put_off: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """The seconds under which 19 of 20 saves stayed, waiting and trying again included."""
        return quantiles(self.took, n=20)[-1]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection, opened anew when the other side has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, head: str, body: bytes = b"") -> Answer:
        """Send a request and read its answer, once more on a new connection where the old one had ended."""
        for _time in range(2):
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                self.writer.write(head.encode() + body)
                return await self._read()
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
        raise ConnectionError

    async def _read(self) -> Answer:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(head[0].split(" ")[1]), headers, body)

    def close(self) -> None:
        """Give the connection up."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def head_of(
    method: str, path: str, *, session: str, length: int = 0, kind: str = "application/json", seen: str = ""
) -> str:
    """Return the head of a request in a session; `seen`: the address that a proxy saw it come from."""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/html\r\n"
        f"X-Requested-With: fetch\r\nX-Forwarded-For: {seen or '127.0.0.1'}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nContent-Type: {kind}\r\n"
        f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nContent-Length: {length}\r\n\r\n"
    )


async def save(line: Line, nurse: Nurse, outcome: Outcome, random: Random) -> None:
    """Save the next answers until they are in, waiting as long as the server says."""
    body = _payload(nurse)
    head = head_of("PUT", f"/tablet/anamneses/{nurse.draft}/", session=nurse.session, length=len(body))
    outcome.offered += 1
    began = time.monotonic()
    while True:
        answer = await line.ask(head, body)
        if answer.status != LATER:
            break
        outcome.put_off += 1
        await asyncio.sleep(float(answer.headers["retry-after"]) * random.uniform(0.5, 1.5))
    if answer.status != 200:
        outcome.wrong.append(f"{answer.status} {answer.body[:120]!r}")
        return
    outcome.took.append(time.monotonic() - began)
    nurse.revision = json.loads(answer.body)["revision"]
    nurse.saves += 1


def _payload(nurse: Nurse) -> bytes:
    fields: dict[str, Any] = {
        "id": nurse.draft,
        "nurse": nurse.nurse,
        "organisation": nurse.organisation,
        "client": nurse.client,
        "date": f"{date.today()}",  # noqa: DTZ011 - the day on this machine
        "version": nurse.version,
        "revision": nurse.revision,
        "answers": ANSWERS[nurse.saves % len(ANSWERS)],
        "corrects": None,
        "reason": "",
        "finish": False,
        "derived": None,
        "active_seconds": 5 * nurse.saves,
    }
    return json.dumps(fields | {"hash": payload_hash(fields)}).encode()
