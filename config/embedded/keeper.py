"""The process that owns the embedded servers: `python -m config.embedded.keeper VAR [--throwaway]`.

It runs both servers as its children, restarts one that dies, and stops them a moment after the last user has
gone. Users hold a shared lock for life, and the kernel lets go of a lock when its holder ends in any way, so
nothing can be left behind: not the servers (they get a signal when the keeper ends), not a user's claim.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded import binaries, folders, processes, state
from config.embedded.errors import EmbeddedError
from config.embedded.lock import FileLock
from config.embedded.paths import Layout
from config.embedded.postgres import Postgres
from config.embedded.state import ServerPhase, ServerState
from config.embedded.valkey import Valkey

LINGER = 1.0
GLANCE = 0.1
STARTUP_PATIENCE = 100.0
STOP_PATIENCE = 60.0
LONGEST_BACKOFF = 5.0


@dataclass
class Child:
    """A server and its process, when it has one."""

    server: Postgres | Valkey
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0

    def pause(self, now: float) -> float:
        """Return the seconds to wait before it is started again: longer each time that it died young.

        `now` is in seconds of the clock that `began` was read from.
        """
        ran_well = now - self.began > LONGEST_BACKOFF
        self.failures = 1 if ran_well else self.failures + 1
        return min(0.05 * 2.0**self.failures, LONGEST_BACKOFF)

    def has_died(self) -> bool:
        """Say whether the server ran and runs no more."""
        return self.process is not None and self.process.poll() is not None


class Keeper:
    """Starts, watches and stops the servers of one installation."""

    def __init__(self, layout: Layout, own_lock: FileLock, *, durable: bool) -> None:
        self.layout = layout
        self.own_lock = own_lock
        self.users = FileLock(layout.users_lock)
        self.stopping = False
        account = folders.database_account()
        programs = binaries.reachable_for(account, binaries.find())
        home = folders.database_home(layout, account)
        self.children = [
            Child(Postgres(layout, programs.postgres, home, account, durable)),
            Child(Valkey(layout, programs.valkey_server)),
        ]

    def run(self) -> None:
        """Keep the servers up for as long as anyone uses them."""
        try:
            self._start(self.children)
            while not self.stopping:
                self._say(ServerPhase.READY)
                self._watch()
                self._say(ServerPhase.STOPPING)
                # Whoever came before this last look is served; whoever comes after sees STOPPING and waits.
                if not self._in_use():
                    self.stopping = True
        finally:
            self._stop()

    def stop_soon(self, *_: object) -> None:
        """Stop at the next look (a signal handler)."""
        self.stopping = True

    def _watch(self) -> None:
        """Return when nobody has used the servers for a while."""
        last_use = time.monotonic()
        while not self.stopping and time.monotonic() - last_use < LINGER:
            time.sleep(GLANCE)
            if not self.own_lock.still_on_disk():  # the data folder was removed
                self.stopping = True
            if self._in_use():
                last_use = time.monotonic()
            dead = [child for child in self.children if child.has_died()]
            if dead and not self.stopping:
                self._revive(dead)

    def _revive(self, dead: list[Child]) -> None:
        self._say(ServerPhase.STARTING)
        for child in dead:
            time.sleep(child.pause(time.monotonic()))
        self._start(dead)
        self._say(ServerPhase.READY)

    def _in_use(self) -> bool:
        if self.users.try_exclusive():
            self.users.loosen()
            return False
        return True

    def _start(self, children: list[Child]) -> None:
        for child in children:
            child.server.make_ready()
            child.process = self._launch(child.server)
            child.began = time.monotonic()
        for child in children:
            self._await_answer(child)

    def _launch(self, server: Postgres | Valkey) -> subprocess.Popen[bytes]:
        account = server.account if isinstance(server, Postgres) else None
        folder = Path("/") if isinstance(server, Postgres) else self.layout.redis_data
        with processes.open_log(self.layout.logs / f"{server.name}.log") as log:
            return processes.start(
                server.command(),
                log=log,
                dying_signal=server.stop_signal,
                account=account,
                cwd=folder,
                environment=_server_environment(),
            )

    def _await_answer(self, child: Child) -> None:
        deadline = time.monotonic() + STARTUP_PATIENCE
        while not child.server.answers():
            if child.has_died() or time.monotonic() > deadline or self.stopping:
                log = self.layout.logs / f"{child.server.name}.log"
                message = f"{child.server.name} start niet, zie / does not start, see {log}"
                raise EmbeddedError(message)
            time.sleep(0.02)

    def _stop(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(child.server.stop_signal)
        for child in self.children:
            if child.process is not None:
                _reap(child.process)

    def _say(self, phase: ServerPhase) -> None:
        if self.own_lock.still_on_disk():
            state.write(self.layout.state, ServerState(phase, os.getpid()))


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _server_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PYTHON"))}
    return kept | {"LC_ALL": "C"}


def _take(own_lock: FileLock) -> bool:
    """Take the lock, trying a few times: a client that looks whether it is held holds it for a moment."""
    for _ in range(20):
        if own_lock.try_exclusive():
            return True
        time.sleep(0.01)
    return False


def _keep(layout: Layout, own_lock: FileLock, *, durable: bool) -> int:
    try:
        keeper = Keeper(layout, own_lock, durable=durable)
        signal.signal(signal.SIGTERM, keeper.stop_soon)
        signal.signal(signal.SIGINT, keeper.stop_soon)
        keeper.run()
    except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
        state.write(layout.state, ServerState(ServerPhase.FAILED, os.getpid(), str(error)))
        return 1
    return 0


def main(arguments: list[str]) -> int:
    """Take the keeper's lock and go on in the background. Exit 0: this or another keeper is on duty."""
    layout = Layout(Path(arguments[0]))
    own_lock = FileLock(layout.keeper_lock)
    if not _take(own_lock):
        return 0
    state.write(layout.state, ServerState(ServerPhase.STARTING, os.getpid()))
    if os.fork():
        os._exit(0)  # the child has the lock too: it stays taken
    os.setsid()
    os.chdir("/")
    return _keep(layout, own_lock, durable="--throwaway" not in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
