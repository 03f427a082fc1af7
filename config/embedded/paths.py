"""Where everything of the embedded servers lives. Pure: nothing here reads or writes the disk.

A Unix socket path may be 107 bytes long, and both libpq and the Redis URL give some characters a meaning
of their own. A folder that is too long or holds such characters gets a short stand-in, keyed by a hash of
its path.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "draagvlak"
SUPERUSER = "postgres"
OWNER_ROLE = "draagvlak_owner"
RUNTIME_ROLE = "draagvlak_app"
PORT = 5432
POSTGRES_VERSION = 18
# Stands beside the cluster once its tables were made.
TABLES_STAMP = "tables.stamp"

SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = f"pg/.s.PGSQL.{PORT}.lock"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SYSTEM_SOCKETS = Path("/run/draagvlak")
PRIVATE_SOCKETS = Path("/tmp")  # noqa: S108 - a fixed place, as TMPDIR may differ between the users of one server


@dataclass(frozen=True)
class Layout:
    """The files and folders of one installation's servers, under its data folder `var`."""

    var: Path

    @property
    def control(self) -> Path:
        """The folder with the locks and the keeper's state."""
        return self.var / "embedded"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the servers, for as long as it lives."""
        return self.control / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for life: whoever has it owns the servers."""
        return self.control / "keeper.lock"

    @property
    def spawn_lock(self) -> Path:
        """Held by a client while it starts a keeper, so that twelve at once start one."""
        return self.control / "spawn.lock"

    @property
    def state(self) -> Path:
        """What the keeper last said about itself."""
        return self.control / "keeper.json"

    @property
    def schema_lock(self) -> Path:
        """Held while the tables are brought up to date."""
        return self.control / "schema.lock"

    @property
    def pointer(self) -> Path:
        """Names the database folder when that cannot be under `var`."""
        return self.control / "postgres.location"

    @property
    def cluster_home(self) -> Path:
        """The folder around the database cluster, where PostgreSQL's account can enter it."""
        return self.var / f"postgres-{POSTGRES_VERSION}"

    @property
    def redis_data(self) -> Path:
        """Redis's working folder."""
        return self.var / "redis"

    @property
    def logs(self) -> Path:
        """The servers' logs."""
        return self.var / "log"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets."""
        return socket_folder(self.var)

    @property
    def postgres_sockets(self) -> Path:
        """PostgreSQL's own folder in it: only its account may write there."""
        return self.sockets / "pg"

    @property
    def redis_socket(self) -> Path:
        """Redis's socket."""
        return self.sockets / "redis.sock"


def socket_folder(var: Path) -> Path:
    """Return the folder for the sockets of the servers whose data is in `var` (an absolute path).

    As root PostgreSQL runs under another account, which need not be able to enter `var`: the sockets then
    live under /run, where only root can make a folder.
    """
    key = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    if os.geteuid() == 0:
        return SYSTEM_SOCKETS / key
    own = var / "embedded" / "run"
    fits = len(os.fsencode(own / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    if fits and PLAIN_PATH.fullmatch(str(own)):
        return own
    return PRIVATE_SOCKETS / f"draagvlak-{os.geteuid()}-{key}"


def postgres_url(var: Path, role: str, name: str = DATABASE) -> str:
    """Return the libpq address of database `name` in the embedded cluster, for login role `role`."""
    folder = quote(str(Layout(var).postgres_sockets), safe="/")
    return f"postgresql://{quote(role)}@/{quote(name)}?host={folder}&port={PORT}"


def redis_url(var: Path, db: int = 0) -> str:
    """Return Celery's address of database number `db` of the embedded Redis."""
    return f"redis+socket://{Layout(var).redis_socket}?virtual_host={db}"


def plain_redis_url(var: Path, db: int = 0) -> str:
    """Return redis-py's address of database number `db` of the embedded Redis."""
    return f"unix://{Layout(var).redis_socket}?db={db}"
