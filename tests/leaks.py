"""Watching what leaves a process by the side: log lines, addresses and task arguments.

with watched() as traces:
    ...
traces.hold_none_of(client.bsn, "Wilgenhof")
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from celery.signals import before_task_publish
from django.core.signals import request_started

LINK = re.compile(r'(?:href|action|src|formaction|data-[a-z-]*url)="([^"]*)"')


@dataclass
class Traces:
    """What was seen, by kind."""

    log: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)

    def look_at(self, response: Any) -> Any:
        """Note the addresses that a response names, and return it."""
        if "Location" in response:
            self.addresses.append(response["Location"])
        if not response.streaming and "html" in response.get("Content-Type", ""):
            self.addresses += LINK.findall(response.content.decode())
        return response

    def hold_none_of(self, *secrets: str) -> None:
        """Fail on the first trace that holds a secret, whatever its capitals or percent signs."""
        for kind in ("log", "addresses", "tasks"):
            for trace in getattr(self, kind):
                plain = unquote_plus(trace).casefold()
                for secret in secrets:
                    assert secret.casefold() not in plain, f"{kind}: {trace}"


class _Listener(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(level=logging.DEBUG)
        self.lines = lines
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line as it would be printed, with the text of an exception."""
        self.lines.append(self.format(record))


@contextmanager
def watched() -> Iterator[Traces]:
    """Return the traces of all that happens inside, in this process."""
    traces = Traces()
    root, listener = logging.getLogger(), _Listener(traces.log)
    level = root.level

    def address(environ: dict[str, str] | None = None, **_signal: object) -> None:
        if environ:
            traces.addresses.append(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}")

    def task(body: object = None, headers: object = None, **_signal: object) -> None:
        traces.tasks.append(f"{body} {headers}")

    request_started.connect(address)
    before_task_publish.connect(task)
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield traces
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
        before_task_publish.disconnect(task)
        request_started.disconnect(address)
