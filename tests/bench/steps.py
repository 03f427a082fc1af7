"""Every step at which a program can be interrupted: each word to the database, the broker, or the disk.

Nobody lists them, so nobody can forget one: `interrupt` counts what a process says as it goes along, and lets
something die at the step that was asked for.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import GeneratorType
from typing import Any

import psycopg
from redis.connection import AbstractConnection

from config import environment
from config.embedded import folders, processes
from config.embedded.paths import Layout
from config.embedded.valkey import Valkey

SPACES = re.compile(r"\s+")
TABLES = re.compile(r'(?:from|into|update|join)\s+"?(\w+)', re.IGNORECASE)
BROKER = "redis"
ON_DISK = ("os.rename", "os.remove")


@dataclass(slots=True)
class Interruption:
    """Which step, counted from 1, and what dies there; `label` names it once it was reached."""

    at: int
    victim: str
    passed: int = 0
    label: str = ""
    found: Callable[[str], None] = field(default=lambda _label: None)

    def step(self, label: str, line: Any = None) -> None:
        """Count a step, and strike when it is the one."""
        self.passed += 1
        if self.passed == self.at:
            self.label = label
            self.found(label)
            STRIKES[self.victim](line)


def interrupt(plan: Interruption) -> None:
    """Watch this process from here on. For a process that ends soon: nothing is put back."""
    _watch_database(plan)
    _watch_broker(plan)
    sys.addaudithook(lambda event, _values: plan.step(event) if event in ON_DISK else None)


def _watch_database(plan: Interruption) -> None:
    wait: Any = psycopg.Connection.wait

    def watched(self: Any, generator: GeneratorType[Any, Any, Any], *rest: Any, **named: Any) -> Any:
        plan.step(label_of(generator), self)
        return wait(self, generator, *rest, **named)

    psycopg.Connection.wait = watched  # type: ignore[method-assign,assignment]


def _watch_broker(plan: Interruption) -> None:
    send: Any = AbstractConnection.send_packed_command

    def watched(self: Any, *rest: Any, **named: Any) -> Any:
        plan.step(BROKER)
        return send(self, *rest, **named)

    AbstractConnection.send_packed_command = watched  # type: ignore[method-assign]


def label_of(generator: GeneratorType[Any, Any, Any]) -> str:
    """Return the first word of a statement and its first table, or what else is said to the database."""
    query = generator.gi_frame.f_locals.get("query") if generator.gi_frame else None
    if query is None:
        return generator.gi_code.co_name.strip("_").removesuffix("_gen")
    text = SPACES.sub(" ", query if isinstance(query, str) else bytes(query).decode()).strip()
    table = TABLES.search(text)
    return f"{text.split(' ')[0].lower()} {table[1] if table else text[7:30]}"


def _kill_oneself(_line: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_database(line: Any) -> None:
    """Kill a process of the server: it takes all others down, and recovers as from a crash."""
    os.kill(line.info.backend_pid if line is not None else _server_process(), signal.SIGKILL)


def _server_process() -> int:
    """Return the number of a process of the server that nobody talks to."""
    cluster = folders.known_home(Layout(environment.var_folder())) / "data"
    postmaster = (cluster / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return int(children[0])


def _kill_broker(_line: Any) -> None:
    for pid in processes.working_in(Layout(environment.var_folder()).redis_data):
        os.kill(pid, signal.SIGKILL)


def broker_answers() -> bool:
    """Say whether the broker is there: who is dead already cannot be killed."""
    layout = Layout(environment.var_folder())
    return Valkey(layout, layout.redis_data).answers()


STRIKES: dict[str, Callable[[Any], None]] = {
    "process": _kill_oneself,
    "database": _kill_database,
    BROKER: _kill_broker,
}
