"""Keeps a few programs running: restarts one that dies, stops all of them together, leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes

MARK = "DRAAGVLAK_SUPERVISED"
PROGRAM = "DRAAGVLAK_PROGRAM"
GLANCE = 0.2
STOP_PATIENCE = 10.0
SHORTEST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
HEALTHY_AFTER = 30.0


@dataclass(frozen=True)
class SupervisedProgram:
    """What to run, and what its environment has besides the supervisor's own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Running:
    """A program's process, or the moment at which it is tried again."""

    program: SupervisedProgram
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    retry_at: float = 0.0
    backoff: float = SHORTEST_BACKOFF


class Supervisor:
    """Runs programs for as long as it lives; `mark` tells its processes from those of other installations."""

    def __init__(self, programs: Sequence[SupervisedProgram], *, logs: Path, mark: str) -> None:
        self.logs = logs
        self.mark = mark
        self.running = [Running(program) for program in programs]

    def end_leftovers(self) -> None:
        """End processes of an earlier supervisor that was killed together with its programs."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            left = processes.marked(MARK, self.mark)
            if not left or processes.end(left, sent, within=STOP_PATIENCE):
                return

    def start(self) -> None:
        """Start every program."""
        self.logs.mkdir(parents=True, exist_ok=True)
        for item in self.running:
            self._launch(item)

    def watch(self, each_round: Callable[[], None]) -> None:
        """Restart what dies, for ever; `each_round` is called several times a second."""
        while True:
            each_round()
            for item in self.running:
                self._look_after(item)
            time.sleep(GLANCE)

    def stop(self) -> None:
        """Ask every program to end, and make those that do not."""
        alive = [item.process for item in self.running if item.process is not None]
        for process in alive:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        for process in alive:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _end_family(process)

    def log_of(self, name: str) -> Path:
        """Return the file with what program `name` says."""
        return self.logs / f"{name}.log"

    def died(self) -> SupervisedProgram | None:
        """Return a program that has ended, if any."""
        for item in self.running:
            if item.process is not None and item.process.poll() is not None:
                return item.program
        return None

    def _launch(self, item: Running) -> None:
        with processes.open_log(self.log_of(item.program.name)) as log:
            item.process = processes.start(
                list(item.program.command),
                log=log,
                dying_signal=signal.SIGTERM,
                environment=self._environment(item.program),
            )
        item.started = time.monotonic()

    def _environment(self, program: SupervisedProgram) -> dict[str, str]:
        return os.environ | dict(program.environment) | {MARK: self.mark, PROGRAM: program.name}

    def _look_after(self, item: Running) -> None:
        now = time.monotonic()
        if item.process is None:
            if now >= item.retry_at:
                self._launch(item)
            return
        if item.process.poll() is None:
            return
        _end_family(item.process)
        if now - item.started > HEALTHY_AFTER:
            item.backoff = SHORTEST_BACKOFF
        sys.stderr.write(
            f"{item.program.name}: gestopt ({item.process.returncode}), start opnieuw / "
            f"ended, starting again: {self.log_of(item.program.name)}\n"
        )
        item.process, item.retry_at = None, now + item.backoff
        item.backoff = min(item.backoff * 2, LONGEST_BACKOFF)


def _end_family(process: subprocess.Popen[bytes]) -> None:
    """End what a program started and did not end itself: they are in its session, under its number."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    process.wait()
