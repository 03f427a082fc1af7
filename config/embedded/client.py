"""Making the embedded servers answer, from any process that needs them."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from config.embedded import binaries, folders, lock, processes, state
from config.embedded.errors import EmbeddedError
from config.embedded.paths import PORT, Layout
from config.embedded.state import ServerPhase

PATIENCE = 120.0
GLANCE = 0.02
ATTEMPTS = 5
ROOT = Path(__file__).resolve().parents[2]

_claims: dict[Path, lock.FileLock] = {}


def ensure(var: Path, *, throwaway: bool = False) -> None:
    """Return once PostgreSQL and Valkey of the installation in `var` answer, starting them when needed.

    They stay for as long as this process lives (its forks too). Calling again is cheap, and brings back what
    has ended since. With `throwaway` a new start trades safety on power loss for speed. Raises EmbeddedError
    with a sentence for the user.
    """
    layout = Layout(var)
    binaries.find()
    _claim(layout)
    deadline = time.monotonic() + PATIENCE
    for _ in range(ATTEMPTS):
        _call_keeper(layout, throwaway=throwaway)
        if _await_ready(layout, deadline):
            return
    _give_up(layout)


def is_up(var: Path) -> bool:
    """Say whether the servers answer and someone looks after them."""
    layout = Layout(var)
    return _on_duty(layout) and _says_ready(layout) and _answer(layout) and _on_duty(layout)


def is_kept(var: Path) -> bool:
    """Say whether someone looks after the servers, who restarts them when needed; costs them nothing."""
    return _on_duty(Layout(var))


def let_go(var: Path) -> None:
    """Give up this process's claim: the servers stop a moment after the last claim."""
    held = _claims.pop(var, None)
    if held is not None:
        held.release()


def _claim(layout: Layout) -> None:
    """Tell the keeper by a shared lock that this process uses the servers."""
    held = _claims.get(layout.var)
    if held is not None and held.still_on_disk():
        return
    let_go(layout.var)
    folders.prepare(layout)
    _claims[layout.var] = lock.FileLock(layout.users_lock).shared()


def _call_keeper(layout: Layout, *, throwaway: bool) -> None:
    """Start a keeper unless there is one; the lock keeps others from reading an earlier keeper's state."""
    with lock.exclusively(layout.spawn_lock):
        if _on_duty(layout):
            return
        command = [sys.executable, "-m", "config.embedded.keeper", str(layout.var)]
        with processes.open_log(layout.logs / "keeper.log") as log:
            subprocess.run(
                [*command, *(["--throwaway"] if throwaway else [])],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=True,
            )


def _await_ready(layout: Layout, deadline: float) -> bool:
    """Wait for the keeper's word; False when it went off duty meanwhile."""
    while time.monotonic() < deadline:
        if is_up(layout.var):
            return True
        if not _on_duty(layout):
            said = state.read(layout.state)
            if said is not None and said.phase is ServerPhase.FAILED:
                raise EmbeddedError(said.message)
            return False
        time.sleep(GLANCE)
    _give_up(layout)
    return False


def _give_up(layout: Layout) -> None:
    message = (
        f"De ingebouwde servers komen niet op gang, zie {layout.logs}."
        f" / The embedded servers do not start, see {layout.logs}."
    )
    raise EmbeddedError(message)


def _on_duty(layout: Layout) -> bool:
    return lock.is_held(layout.keeper_lock)


def _says_ready(layout: Layout) -> bool:
    said = state.read(layout.state)
    return said is not None and said.phase is ServerPhase.READY


def _answer(layout: Layout) -> bool:
    return all(
        _connects(address) for address in (layout.postgres_sockets / f".s.PGSQL.{PORT}", layout.redis_socket)
    )


def _connects(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2.0)
            line.connect(str(address))
    except OSError:
        return False
    return True
