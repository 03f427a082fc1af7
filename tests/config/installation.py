"""One installation's servers, used from real processes as commands use them."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config import environment
from config.embedded import folders, lock, processes
from config.embedded import state as keeper_state
from config.embedded.paths import OWNER_ROLE, Layout, postgres_url
from tests.removal import remove_installation
from tests.waiting import wait_until

USE = """
import sys
from pathlib import Path
from config.embedded import client
client.ensure(Path(sys.argv[1]), throwaway=True)
print("ready", flush=True)
sys.stdin.read()
"""

User = subprocess.Popen[str]


@dataclass
class Installation:
    """Servers with their data in `var`, and the processes that use them."""

    var: Path
    users: list[User] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        return Layout(self.var)

    @property
    def data(self) -> Path:
        return folders.known_home(self.layout) / "data"

    def begin_use(self) -> User:
        """Start a process that uses the servers until its input ends."""
        user = subprocess.Popen(
            [sys.executable, "-c", USE, str(self.var)],
            cwd=environment.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(environment.ROOT)},
        )
        self.users.append(user)
        return user

    def use(self) -> User:
        """Start a process that uses the servers, and return when they answer it."""
        user = self.begin_use()
        self.expect_ready(user)
        return user

    def expect_ready(self, user: User) -> None:
        assert user.stdout is not None
        assert user.stderr is not None
        word = user.stdout.readline()
        assert word == "ready\n", user.stderr.read()

    def end_use(self) -> None:
        """Let every process end, as commands do."""
        for user in self.users:
            user.communicate()
        self.users.clear()

    def sql(self, statement: str, role: str = OWNER_ROLE) -> list[tuple[object, ...]]:
        with psycopg.connect(postgres_url(self.var, role), autocommit=True) as line:
            cursor = line.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def keeper(self) -> int:
        found = keeper_state.read(self.layout.state)
        assert found is not None
        return found.pid

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def processes(self) -> list[int]:
        return processes.working_in(self.data) + processes.working_in(self.layout.redis_data)

    def is_down(self) -> bool:
        return not lock.is_held(self.layout.keeper_lock) and not self.processes()

    def remove(self) -> None:
        self.end_use()
        wait_until(self.is_down, what="servers gone")
        remove_installation(self.var)
