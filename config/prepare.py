"""Bringing tables and static files up to date, and knowing cheaply that they are."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from config import environment, servers
from config.embedded import folders, lock
from config.embedded.paths import TABLES_STAMP, Layout

ROOT = environment.ROOT
LOCKED_PACKAGES = ROOT / "config" / "requirements.txt"
APPS = ("config", "care", "questionnaires", "profiles", "declarations", "exchange")


class PreparationError(RuntimeError):
    """A step before the start failed; it has said why on stderr."""


def tables() -> None:
    """Migrate the embedded database unless it has these very migrations; never touch an own server.

    Raises PreparationError.
    """
    if not servers.are_embedded():
        return
    layout = Layout(environment.var_folder())
    stamp = folders.known_home(layout) / TABLES_STAMP
    wanted = _fingerprint(_migration_files())
    if _reads(stamp, wanted):
        return
    with lock.exclusively(layout.schema_lock):
        if not _reads(stamp, wanted):
            manage("migrate", "--no-input", "--skip-checks", "--verbosity=0")
            stamp.write_text(wanted, "ascii")


def static_files() -> None:
    """Gather the static files unless the gathered ones are of these sources. Raises PreparationError."""
    var = environment.var_folder()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = var / "static.stamp"
    wanted = _fingerprint(_static_sources())
    with lock.exclusively(var / "static.lock"):
        if (var / "static").is_dir() and _reads(stamp, wanted):
            return
        manage("collectstatic", "--no-input", "--verbosity=0")
        stamp.write_text(wanted, "ascii")


def manage(*arguments: str) -> None:
    """Run a management command away from the terminal's ^C, its words on stderr. Raises PreparationError."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT,
        env=_without_chatter(),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        message = f"manage.py {arguments[0]}: exit {done.returncode}"
        raise PreparationError(message)


def told(*arguments: str) -> str:
    """Run a management command like manage() and return what it prints; should it fail, stderr says why."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        cwd=ROOT,
        env=_without_chatter(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
        check=False,
    )
    return done.stdout


def _without_chatter() -> dict[str, str]:
    """Return the environment with a log of warnings only, unless somebody asked for another."""
    return {"DRAAGVLAK_LOG": "WARNING", **os.environ}


def _migration_files() -> list[Path]:
    return [LOCKED_PACKAGES, *(file for app in APPS for file in (ROOT / app).glob("migrations/*.py"))]


def _static_sources() -> list[Path]:
    found = [file for app in APPS for file in (ROOT / app / "static").rglob("*") if file.is_file()]
    return [LOCKED_PACKAGES, ROOT / "config" / "settings.py", *found]


def _fingerprint(files: Iterable[Path]) -> str:
    """Return a hash over names and contents, in an order of its own."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(os.fsencode(file.relative_to(ROOT)) + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _reads(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text("ascii") == wanted
    except FileNotFoundError:
        return False
