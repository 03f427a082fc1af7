"""The whole product as `make run` starts it, on a copy of a filled installation, to use or to break."""

import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import redis

from config import environment
from config.embedded import folders, lock, processes
from config.embedded.paths import Layout, plain_redis_url
from config.supervisor import MARK, PROGRAM
from tests.live import found
from tests.live.commands import Commands
from tests.removal import remove_installation
from tests.waiting import wait_until

ROOT = environment.ROOT
APPS = ("config", "care", "questionnaires", "profiles", "declarations", "exchange")
START_PATIENCE = 180.0  # beside many others on a small machine
KEEP = "import sys; from config import servers; servers.start(); sys.stdin.read()"
GATHER = "from config import prepare; prepare.static_files()"
NOT_FOR_SITES = ("DRAAGVLAK_DATABASE_ROLE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PYTHONPATH")


@dataclass
class Site:
    """A running product: its data folder, its port, and its supervisor."""

    var: Path
    port: int
    demo: bool
    supervisor: subprocess.Popen[str] | None = None
    commands: Commands | None = None

    @property
    def url(self) -> str:
        """The address without a slash at the end."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it as `make run` does and return once a page is served."""
        self._end_commands()
        log = self.var / "supervisor.log"
        with log.open("w") as output:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "config.run", "--with-parent"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        wait_until(lambda: "Ctrl-C" in log.read_text() or not self.is_running, within=START_PATIENCE)
        assert self.is_running, log.read_text()

    def stop(self) -> int:
        """Stop it as ^C does; return the exit code."""
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait(START_PATIENCE)

    def pids(self, name: str) -> list[int]:
        """Return the processes of "web", "worker" or "scheduler", the one that rules the others first."""
        found = set(processes.marked(MARK, str(self.var))) & set(processes.marked(PROGRAM, name))
        return sorted(found, key=lambda pid: os.getsid(pid) != pid)

    def kill(self, name: str) -> int:
        """Kill -9 the ruling process of a program and return its number."""
        pid = self.pids(name)[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against this site."""
        self.commands = self.commands or Commands(self._environment())
        return self.commands.run(*arguments)

    def begin_anew(self) -> None:
        """Put back the rows that the demo began with; forget what was counted and what waits to be done."""
        found.put_back(self.var)
        with redis.Redis.from_url(plain_redis_url(self.var)) as counts:
            kept = (b"_kombu", b"unacked")  # the worker's own
            counts.delete(*(key for key in counts.scan_iter() if not key.startswith(kept)), b"none")

    @contextmanager
    def servers_kept(self) -> Iterator[None]:
        """Let one process use the servers, so that they do not start and stop with each command."""
        command = [sys.executable, "-c", KEEP]
        with subprocess.Popen(command, cwd=ROOT, env=self._environment(), stdin=subprocess.PIPE):
            yield  # then its input is closed, and it ends

    @property
    def is_running(self) -> bool:
        """Whether it was started, and its supervisor has not ended since."""
        return self.supervisor is not None and self.supervisor.poll() is None

    def is_gone(self) -> bool:
        """Say whether nothing of it runs any more, the servers included."""
        return not processes.marked(MARK, str(self.var)) and not lock.is_held(Layout(self.var).keeper_lock)

    def remove(self) -> None:
        """Kill what runs, which is quicker than asking it to stop, and remove the data."""
        self._end_commands()
        if self.supervisor is not None and self.is_running:
            self.supervisor.kill()
            self.supervisor.wait()
        processes.end(processes.marked(MARK, str(self.var)), signal.SIGKILL, within=START_PATIENCE)
        wait_until(self.is_gone)
        remove_installation(self.var)

    def _end_commands(self) -> None:
        if self.commands is not None:
            self.commands.end()
            self.commands = None

    def _environment(self) -> dict[str, str]:
        return _environment(self.var, demo=self.demo) | {"PORT": str(self.port)}


def new_site(*, demo: bool) -> Site:
    """Make a site that is not started yet, from a template that is made once for all sites."""
    base = environment.var_folder() / "live"
    folders.make_private(base, mode=folders.PASSABLE)
    with lock.exclusively(base / f"{'demo' if demo else 'bare'}.lock"):
        template = _template(base, demo=demo)
        var = base / f"site-{secrets.token_hex(4)}"
        _copy_installation(template, var)
    return Site(var, _free_port(), demo)


def _template(base: Path, *, demo: bool) -> Path:
    """Return a migrated installation, with demo data if asked, made anew when the product changed."""
    kind = "demo" if demo else "bare"
    template = base / f"{kind}-{_fingerprint()}"
    if not (template / "complete").exists():
        for old in base.glob(f"{kind}-*"):
            remove_installation(old)
        if demo:
            _must(_manage(_environment(template, demo=True), "load_demo"))
            _must(_python(_environment(template, demo=True), "-m", "tests.live.found"))
        else:
            _must(_manage(_environment(template, demo=False), "shell", "--no-imports", "-c", "pass"))
        _must(_python(_environment(template, demo=demo), "-c", GATHER))
        wait_until(lambda: not lock.is_held(Layout(template).keeper_lock), what="template at rest")
        (template / "complete").touch()
    return template


def _fingerprint() -> str:
    """Return a hash over what makes a template, and the day, as demo data is relative to today."""
    digest = hashlib.sha256(date.today().isoformat().encode())  # noqa: DTZ011 - the day on this machine
    sources = [file for app in APPS for file in sorted((ROOT / app).rglob("*")) if file.suffix != ".pyc"]
    for file in (*sources, Path(found.__file__)):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _copy_installation(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    layout = Layout(target)
    if layout.pointer.exists():  # the cluster is not under the data folder
        own = folders.system_folder() / secrets.token_hex(8)
        subprocess.run(["cp", "-a", str(folders.known_home(layout)), str(own)], check=True)
        layout.pointer.write_text(f"{own}\n")


def _environment(var: Path, *, demo: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_SITES}
    return kept | {"DRAAGVLAK_VAR": str(var), "DRAAGVLAK_DEMO": "1" if demo else "0"}


def _manage(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return _python(environ, "manage.py", *arguments)


def _python(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def _must(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
