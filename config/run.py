"""`make run`: servers, tables, static files, demo data; then web, worker and scheduler until ^C.

Kill -9 of any process, this one included, leaves nothing that blocks the next start: the programs end with
this process, the servers a moment after their last user, and what is left of a crash is found by its mark.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config import environment, prepare, servers
from config.embedded import lock, processes
from config.embedded.errors import EmbeddedError
from config.supervisor import Program, Supervisor

WEB_PATIENCE = 60.0
FAULT_PATIENCE = 5.0
ASK_AGAIN = 0.05
SERVERS_EVERY = 1.0
WEB_WORKERS = 2
WEB_THREADS = 4
TASK_WORKERS = 2


class StartError(RuntimeError):
    """Something stands in the way of the start; the text says what."""


def programs(*, host: str, port: int, var: Path) -> list[Program]:
    """Return what makes up the running product: web, worker and scheduler."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "config.celery:app", "--quiet"]
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws", "--http", "1"]
    # No access log: addresses of pages stay out of files.
    web += ["--no-access-log", "--log-level", "warning", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "5", "config.wsgi:application"]
    worker = [*celery, "worker", "--concurrency", str(TASK_WORKERS), "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    schedule = var / "scheduler"
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
    return [
        Program("web", web, {"DRAAGVLAK_DATABASE_POOL": "1"}),
        Program("worker", worker),
        Program("scheduler", beat),
    ]


def main(arguments: list[str]) -> int:
    """Run the product until a signal; return the exit code. `--with-parent`: end when the parent ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # else nohup asked to outlive the terminal
        signal.signal(signal.SIGHUP, _end)
    if "--with-parent" in arguments:
        processes.die_with_parent(signal.SIGTERM)
    os.chdir(environment.ROOT)
    try:
        _run()
    except (StartError, EmbeddedError, environment.WrongSettingError, prepare.PreparationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run() -> None:
    var = environment.var_folder()
    host = environment.text("DRAAGVLAK_BIND", "127.0.0.1")
    port = environment.whole_number("PORT", 8000, least=1, most=65535)
    servers.are_embedded()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    turn = lock.FileLock(var / "run.lock")
    if not turn.try_exclusive():
        message = f"Draagvlak draait al met {var}. / Draagvlak is already running with {var}."
        raise StartError(message)
    supervisor = Supervisor(programs(host=host, port=port, var=var), logs=var / "log", mark=str(var))
    try:
        _prepare(supervisor, host, port)
        supervisor.start()
        _await_web(supervisor, host, port)
        _greet(port)
        supervisor.watch(_every_second(servers.keep))
    finally:
        _ignore_signals()
        supervisor.stop()


def _prepare(supervisor: Supervisor, host: str, port: int) -> None:
    """Make everything ready, the cheap refusals first."""
    supervisor.end_leftovers()
    _require_free(host, port)
    servers.start()
    if servers.are_embedded():
        prepare.tables()
    else:
        prepare.manage("migrate", "--no-input", "--verbosity=0")
    prepare.static_files()
    if _wants_demo():
        _load_demo()


def _wants_demo() -> bool:
    return environment.flag("DRAAGVLAK_DEMO", default=servers.are_embedded())


def _load_demo() -> None:
    """Load the demo data once; where it is refused (a real organisation exists) the reason is on stderr."""
    try:
        prepare.manage("load_demo")
    except prepare.PreparationError:
        return


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = (
                f"Poort {port} op {host} is bezet: kies een andere, bijvoorbeeld PORT={port + 1} make run."
                f" / Port {port} on {host} is taken: choose another, as in PORT={port + 1} make run."
            )
            raise StartError(message) from error


def _await_web(supervisor: Supervisor, host: str, port: int) -> None:
    """Return once a page is really served; a page that keeps failing is not waited for long."""
    deadline, fails = time.monotonic() + WEB_PATIENCE, False
    while time.monotonic() < deadline:
        dead = supervisor.died()
        if dead is not None:
            message = f"{dead.name} start niet, zie / does not start, see {supervisor.log_of(dead.name)}"
            raise StartError(message)
        status = _ask(host, port)
        if status and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        if status and not fails:
            deadline, fails = time.monotonic() + FAULT_PATIENCE, True
        time.sleep(ASK_AGAIN)
    message = f"De website werkt niet, zie / the website does not work, see {supervisor.log_of('web')}"
    raise StartError(message)


def _ask(host: str, port: int) -> int:
    """Return the status of the first page, or 0 when nothing answers."""
    line = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=10)  # noqa: S104
    try:
        line.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def _greet(port: int) -> None:
    """Print the address and, with demo data, who can log in."""
    address = environment.text("DRAAGVLAK_URL") or f"http://localhost:{port}"
    sys.stdout.write(f"\nDraagvlak: {address}\n")
    sys.stdout.flush()
    if _wants_demo():
        _print_demo_log_ins()
    sys.stdout.write("Ctrl-C stopt alles / stops everything.\n")
    sys.stdout.flush()


def _print_demo_log_ins() -> None:
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(environment.ROOT / "manage.py"), "load_demo", "--list"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def _every_second(work: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does the work when a second has passed since the last time."""
    last = time.monotonic()

    def now_and_then() -> None:
        nonlocal last
        if time.monotonic() - last >= SERVERS_EVERY:
            work()
            last = time.monotonic()

    return now_and_then


def _end(_number: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    raise SystemExit(0)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
