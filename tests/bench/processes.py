"""Running a command and watching its time and memory, and that of the database beside it."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import environment

MEGABYTE = 1 << 20
GLANCE = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """How one process went: seconds on the clock, seconds of processor, megabytes at its peak."""

    seconds: float
    processor: float
    peak: float
    out: str


def manage(*arguments: str) -> Run:
    """Run a management command to its end. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=environment.ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    out = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, out)
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out)


def own_peak() -> float:
    """Return the peak of this process in megabytes; a child's peak is never measured below it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def family_peak(pid: int) -> float:
    """Return the peak in megabytes of the largest of a running process and those that it started."""
    parents = {int(folder.name): _of_status(folder, "PPid") for folder in Path("/proc").glob("[0-9]*")}
    family = [pid, *(child for child, parent in parents.items() if parent == pid)]
    return max(_of_status(Path("/proc") / str(one), "VmHWM") for one in family) / 1024


def _of_status(folder: Path, name: str) -> int:
    try:
        lines = (folder / "status").read_text().splitlines()
    except OSError:
        return 0  # it has just ended
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


@dataclass(slots=True)
class Watch:
    """The most memory that one process of the database had, in megabytes, its shared part included."""

    peak: float = 0.0


@contextmanager
def watched_database() -> Iterator[Watch]:
    """Look at every process of PostgreSQL on this machine while the work inside goes on."""
    watch, done = Watch(), threading.Event()

    def look() -> None:
        while not done.wait(GLANCE):
            watch.peak = max([watch.peak, *_database_memory()])

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()


def _database_memory() -> Iterator[float]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().startswith(b"postgres: "):
                resident = int((process / "statm").read_text().split()[1])
                yield resident * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
        except (OSError, IndexError):
            continue  # it has just ended
