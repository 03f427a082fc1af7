"""The embedded PostgreSQL: making its cluster, cleaning up after a crash, starting it, making its roles."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded import processes
from config.embedded.errors import EmbeddedError
from config.embedded.folders import OWN, make_private
from config.embedded.paths import DATABASE, OWNER_ROLE, PORT, RUNTIME_ROLE, SUPERUSER, Layout
from config.embedded.processes import SystemAccount

# The texts and details of statements hold personal data, so they stay out of the log.
SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "dynamic_shared_memory_type=mmap",
    "log_min_error_statement=panic",
    "log_parameter_max_length_on_error=0",
    "log_error_verbosity=terse",
    "timezone=UTC",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "jit=off",
)
# For clusters that are thrown away after use.
SETTINGS_WITHOUT_DURABILITY = ("fsync=off", "full_page_writes=off")

BOOTSTRAP = f"""
SELECT 'CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER_ROLE}') \\gexec
SELECT 'CREATE ROLE {RUNTIME_ROLE} LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{RUNTIME_ROLE}') \\gexec
GRANT {RUNTIME_ROLE} TO {OWNER_ROLE} WITH INHERIT FALSE, SET TRUE;
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class Postgres:
    """One cluster in `home`/data, run by the programs in `programs` as `account` (None: oneself)."""

    layout: Layout
    programs: Path
    home: Path
    account: SystemAccount | None
    durable: bool
    stop_signal: signal.Signals = signal.SIGINT
    name: str = "postgres"

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.home / "data"

    def make_ready(self) -> None:
        """Leave a cluster that can be started: made when missing, nothing of an earlier run in the way."""
        make_private(self.layout.postgres_sockets, mode=OWN) if self.account is None else self._own_sockets()
        if not self.data.exists():
            self._make_cluster()
        self._end_leftovers()
        for leftover in (self.data / "postmaster.pid", *self.layout.postgres_sockets.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)
        self._write_access_rules()

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        chosen = [*SETTINGS, f"unix_socket_directories={self.layout.postgres_sockets}"]
        if not self.durable:
            chosen += SETTINGS_WITHOUT_DURABILITY
        options = [part for setting in chosen for part in ("-c", setting)]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    def answers(self) -> bool:
        """Say whether the server takes orders; on the way its roles and database are made."""
        done = subprocess.run(
            [
                str(self.programs / "psql"),
                *("-X", "-q", "-v", "ON_ERROR_STOP=1"),
                *("-h", str(self.layout.postgres_sockets), "-p", str(PORT)),
                *("-U", SUPERUSER, "-d", "postgres", "-f", "-"),
            ],
            input=BOOTSTRAP.encode(),
            env=environment(),
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def _own_sockets(self) -> None:
        folder = self.layout.postgres_sockets
        folder.mkdir(mode=OWN, exist_ok=True)
        self._hand_over(folder)

    def _make_cluster(self) -> None:
        """Make the cluster aside and move it into place: half a cluster never bears the name."""
        for half in self.home.glob(".new-*"):
            shutil.rmtree(half, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=self.home))
        self._hand_over(scratch)
        done = subprocess.run(
            [
                str(self.programs / "initdb"),
                *("-D", str(scratch / "data"), "-U", SUPERUSER, "-E", "UTF8", "--auth=peer"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *(() if self.durable else ("--no-sync",)),
            ],
            cwd="/",
            env=environment(),
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            message = f"initdb: {done.stderr.decode(errors='replace').strip()}"
            raise EmbeddedError(message)
        (scratch / "data").rename(self.data)
        scratch.rmdir()

    def _end_leftovers(self) -> None:
        """End what still runs on the cluster: every process of a server works in its data folder.

        Only when none is left may postmaster.pid go, whatever process bears that number by now.
        """
        for sent, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            left = processes.working_in(self.data)
            if not left or processes.end(left, sent, within=patience):
                return
        message = f"PostgreSQL stopt niet / PostgreSQL does not stop: {self.data}"
        raise EmbeddedError(message)

    def _write_access_rules(self) -> None:
        """Let in the user who runs the product, through the socket, and nobody else."""
        user = pwd.getpwuid(os.geteuid()).pw_name
        rules = {
            "pg_hba.conf": "local all all peer map=draagvlak\n",
            "pg_ident.conf": f'draagvlak "{user}" all\n',
        }
        for name, text in rules.items():
            path = self.data / name
            path.write_text(text, "utf-8")
            self._hand_over(path)

    def _hand_over(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


def environment() -> dict[str, str]:
    """Return this process's environment without the variables that steer libpq and the server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
