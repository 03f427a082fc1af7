"""Starting child processes that die with their parent, and finding ones that were left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 10 * 1024 * 1024
PROC = Path("/proc")
ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None) if ON_LINUX else None


@dataclass(frozen=True)
class SystemAccount:
    """A user account of the machine that a server runs as."""

    name: str
    uid: int
    gid: int


def open_log(path: Path) -> IO[bytes]:
    """Open a log to append to, putting one that has grown large aside; its owner alone can read it."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return open(path, "ab", opener=_private_opener)


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def start(
    command: list[str],
    *,
    log: IO[bytes],
    dying_signal: signal.Signals,
    account: SystemAccount | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; it gets `dying_signal` when this process ends in any way."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=cwd,
        env=environment,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=_die_with_parent(dying_signal),  # noqa: PLW1509 - every caller has one thread
    )


def die_with_parent(dying_signal: signal.Signals) -> None:
    """Ask the kernel to send this process `dying_signal` when its parent ends (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, dying_signal)


def _die_with_parent(dying_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare_child() -> None:
        die_with_parent(dying_signal)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)

    return prepare_child


def working_in(folder: Path) -> list[int]:
    """Return the ids of the processes whose working folder is `folder`, also if that was removed since."""
    wanted = {str(folder), f"{folder} (deleted)"}
    return [pid for pid in _all_pids() if _working_folder(pid) in wanted]


def marked(name: str, value: str) -> list[int]:
    """Return the ids of the other processes of this user that were started with NAME=value."""
    wanted = f"{name}={value}".encode()
    return [pid for pid in _all_pids() if pid != os.getpid() and wanted in _environment(pid)]


def end(pids: Iterable[int], sent: signal.Signals, *, within: float) -> bool:
    """Send a signal and wait at most `within` seconds for all to be gone; say whether they are."""
    alive = list(pids)
    for pid in alive:
        _send(pid, sent)
    deadline = time.monotonic() + within
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [pid for pid in alive if _is_running(pid)]
    return not alive


def _all_pids() -> list[int]:
    if not ON_LINUX:
        return []
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _working_folder(pid: int) -> str:
    try:
        return str((PROC / str(pid) / "cwd").readlink())
    except OSError:
        return ""


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _send(pid: int, sent: signal.Signals) -> None:
    try:
        os.kill(pid, sent)
    except (ProcessLookupError, PermissionError):
        return


def _is_running(pid: int) -> bool:
    """Say whether the process is there and no zombie."""
    try:
        status = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
