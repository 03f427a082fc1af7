"""Pytest plugin (`-p tests.servers`): servers of the suite's own, up before Django reads its settings.

Two sessions at once each take a folder of their own, with its own cluster; workers of one session share
theirs. Servers named in the environment are never touched by tests.
"""

import os
from pathlib import Path

import pytest

from config import environment, prepare, servers
from config.embedded import lock
from config.embedded.errors import EmbeddedError
from tests.removal import remove_leftovers

SLOTS = 16
_claims: list[lock.FileLock] = []


def _base() -> Path:
    named = environment.text("DRAAGVLAK_TEST_VAR")
    return Path(named).expanduser().resolve() if named else environment.var_folder() / "test"


def _free_folder(base: Path) -> Path:
    """Return the first folder that no other session holds, and hold it until this process ends."""
    base.mkdir(parents=True, exist_ok=True)
    for number in range(SLOTS):
        claim = lock.FileLock(base / f"session-{number}.lock")
        if claim.try_exclusive():
            _claims.append(claim)
            return base / f"session-{number}"
        claim.release()
    message = f"{SLOTS} sessions at once: {base}"
    raise EmbeddedError(message)


def _set_up() -> None:
    for name in servers.NAMES:
        os.environ.pop(name, None)
    os.environ["DRAAGVLAK_DATABASE_ROLE"] = "owner"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver has an event loop in this thread
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if not is_worker:
        folder = _free_folder(_base())
        remove_leftovers(folder)
        os.environ["DRAAGVLAK_VAR"] = str(folder)
    servers.start(throwaway=True)
    if not is_worker:
        prepare.static_files()


try:
    _set_up()
except (EmbeddedError, environment.WrongSettingError, prepare.PreparationError) as error:
    pytest.exit(str(error), returncode=2)
