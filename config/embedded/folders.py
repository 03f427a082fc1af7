"""Folders that no other user can have slipped under us, and that the database's account can enter."""

import os
import pwd
import secrets
import stat
import subprocess
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.paths import SYSTEM_SOCKETS, Layout
from config.embedded.processes import SystemAccount

SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - owner and mode are checked
UNPRIVILEGED = "nobody"
OWN = 0o700
PASSABLE = 0o711


def make_private(folder: Path, *, mode: int = OWN) -> Path:
    """Make `folder` (parents too) and give it `mode`; refuse one that another user owns or can write in.

    Raises EmbeddedError.
    """
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        message = (
            f"De map {folder} is van een andere gebruiker: "
            "gebruik hetzelfde account of een andere DRAAGVLAK_VAR. / "
            f"The folder {folder} belongs to another user: use the same account, or another DRAAGVLAK_VAR."
        )
        raise EmbeddedError(message)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)
    return folder


def database_account() -> SystemAccount | None:
    """Return the account PostgreSQL must run as: nobody for root, which it refuses; else one's own (None)."""
    if os.geteuid() != 0:
        _require_own_name()
        return None
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        message = (
            f"PostgreSQL draait niet als root en het account {UNPRIVILEGED} bestaat niet: "
            "start als gewone gebruiker. / "
            f"PostgreSQL refuses to run as root and there is no account {UNPRIVILEGED}: "
            "run as an ordinary user."
        )
        raise EmbeddedError(message) from error
    return SystemAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _require_own_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError as error:
        message = (
            f"Gebruiker {os.geteuid()} heeft geen naam in /etc/passwd; PostgreSQL eist die."
            f" / User {os.geteuid()} has no name in /etc/passwd, which PostgreSQL demands."
        )
        raise EmbeddedError(message) from error


def prepare(layout: Layout) -> None:
    """Make the folders that every server needs. As root others may pass through, but see nothing."""
    as_root = os.geteuid() == 0
    make_private(layout.var, mode=PASSABLE if as_root else OWN)
    for folder in (layout.control, layout.logs, layout.redis_data):
        make_private(folder)
    if layout.sockets.is_relative_to(SYSTEM_SOCKETS):
        make_private(SYSTEM_SOCKETS, mode=PASSABLE)
    make_private(layout.sockets, mode=PASSABLE if as_root else OWN)


def known_home(layout: Layout) -> Path:
    """Return the folder that holds the cluster, as it was chosen when the cluster was made."""
    if layout.pointer.exists():
        return Path(layout.pointer.read_text("utf-8").strip())
    return layout.cluster_home


def database_home(layout: Layout, account: SystemAccount | None) -> Path:
    """Return the folder that holds the cluster, made when needed: under var, or where the account can enter.

    The second case (root's private home) is noted in var, so that it is found again and belongs to this var
    alone. Raises EmbeddedError when a cluster is there but can no longer be entered.
    """
    home = make_private(known_home(layout), mode=PASSABLE if account else OWN)
    if account is None or can_enter(account, home):
        return home
    if (home / "data").exists():
        message = (
            f"Het account {account.name} kan {home} niet meer bereiken: geef de mappen erboven weer o+x."
            f" / The account {account.name} can no longer reach {home}: give the folders above it o+x again."
        )
        raise EmbeddedError(message)
    elsewhere = make_private(system_folder() / secrets.token_hex(8), mode=PASSABLE)
    layout.pointer.write_text(f"{elsewhere}\n", "utf-8")
    return elsewhere


def system_folder() -> Path:
    """Return root's own folder outside any home, that survives a restart of the machine."""
    parent = next((folder for folder in SYSTEM_FOLDERS if os.access(folder, os.W_OK)), None)
    if parent is None:
        message = (
            "Geen map gevonden waar de database buiten een privémap kan staan: kies een andere DRAAGVLAK_VAR."
            " / No folder found for the database outside a private home: choose another DRAAGVLAK_VAR."
        )
        raise EmbeddedError(message)
    return make_private(parent / "draagvlak", mode=PASSABLE)


def can_enter(account: SystemAccount, folder: Path) -> bool:
    """Say whether `account` can enter `folder`, by trying: modes alone do not tell it all."""
    return runs(["/bin/sh", "-c", 'test -x "$0"/.', str(folder)], account)


def runs(command: list[str], account: SystemAccount | None) -> bool:
    """Say whether `command` succeeds as `account`, quietly, away from any private working folder."""
    try:
        done = subprocess.run(
            command,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0
