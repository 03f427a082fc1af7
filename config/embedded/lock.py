"""Locks that the kernel lets go of when their holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self


class FileLock:
    """An flock on a file. Held until `release`, or until the process and all it forked have gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def shared(self) -> Self:
        """Wait for a shared hold."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        return self

    def exclusive(self) -> Self:
        """Wait for the only hold."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        return self

    def try_exclusive(self) -> bool:
        """Take the only hold if nobody has any, and say whether that worked."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def loosen(self) -> None:
        """Let go of the hold, and keep the file open for a next one."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def release(self) -> None:
        """Let go for good."""
        os.close(self._descriptor)

    def still_on_disk(self) -> bool:
        """Say whether the path still names the file that is held: someone may have removed the folder."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except FileNotFoundError:
            return False


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Run a block while holding the only hold on `path`, waiting for it."""
    lock = FileLock(path).exclusive()
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Say whether some process holds `path` exclusively or shared at this moment."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_exclusive()
    finally:
        lock.release()
