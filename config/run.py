"""`make run`: servers, tables, static files, demo data; then web, worker and scheduler until ^C.

Kill -9 of any process, this one included, leaves nothing that blocks the next start: the programs end with
this process, the servers a moment after their last user, and what is left of a crash is found by its mark.
"""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config import address, environment, exposure, local_tls, prepare, servers
from config.embedded import lock, processes
from config.embedded.errors import EmbeddedError
from config.local_tls import LocalTls
from config.steps import Steps
from config.supervisor import SupervisedProgram, Supervisor

WEB_PATIENCE = 60.0
FAULT_PATIENCE = 5.0
ASK_AGAIN = 0.05
SERVERS_EVERY = 1.0
TRUST = """
Op een tablet in hetzelfde netwerk / on a tablet in the same network:
1. Haal op / fetch {address}/{name} (of kopieer / or copy {file}).
2. Installeer het als CA-certificaat bij de beveiligingsinstellingen; op een iPad daarna ook
   'volledig vertrouwen' aanzetten. / Install it as a CA certificate in the security settings; on an
   iPad switch on full trust for it as well.
3. Open {address}/tablet/ en zet die op het beginscherm. / Open it and add it to the home screen.
Haal het certificaat na het proberen weer weg. / Remove the certificate when you are done.

"""
WEB_WORKERS = 2
# Two places for making files (DRAAGVLAK_EXPORTS), and one worker that always goes on attaching.
TASK_WORKERS = 3


class StartError(RuntimeError):
    """Something stands in the way of the start; the text says what."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where the website listens, and with which certificate if any."""

    host: str
    port: int
    tls: LocalTls | None = None


def programs(*, place: ListenAddress, var: Path) -> list[SupervisedProgram]:
    """Return what makes up the running product: web, worker and scheduler."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "config.celery:app", "--quiet"]
    web = [python, "-m", "granian", "--interface", "rsgi", "--host", place.host]
    web += ["--port", str(place.port)]
    web += ["--workers", str(WEB_WORKERS), "--no-ws", "--http", "1"]
    # No access log: addresses of pages stay out of files.
    web += ["--no-access-log", "--log-level", "warning", "--respawn-failed-workers"]
    if place.tls is not None:
        web += ["--ssl-certificate", str(place.tls.certificate), "--ssl-keyfile", str(place.tls.key)]
    web += ["--workers-kill-timeout", "5", "config.wsgi:gate"]
    worker = [*celery, "worker", "--concurrency", str(TASK_WORKERS), "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    schedule = var / "scheduler"
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
    return [
        SupervisedProgram("web", web, {"DRAAGVLAK_DATABASE_POOL": "1"}),
        SupervisedProgram("worker", worker),
        SupervisedProgram("scheduler", beat),
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
    servers.are_embedded()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    turn = lock.FileLock(var / "run.lock")
    if not turn.try_exclusive():
        message = f"Draagvlak draait al met {var}. / Draagvlak is already running with {var}."
        raise StartError(message)
    place = _place(var)
    if _wants_demo():
        exposure.refuse_demo_in_public(
            bind=place.host, url=environment.text("DRAAGVLAK_URL"), own_address=local_tls.own_address()
        )
    supervisor = Supervisor(programs(place=place, var=var), logs=var / "log", mark=str(var))
    supervisor.end_leftovers()
    _require_free(place.host, place.port)
    address.remember(var, _address(place))
    steps = Steps(5 if _wants_demo() else 4)
    try:
        log_ins = _prepare(steps)
        with steps.step("de website starten", "starting the website"):
            supervisor.start()
            _await_web(supervisor, place)
        _greet(place, log_ins)
        supervisor.watch(_every_second(servers.keep))
    finally:
        _ignore_signals()
        supervisor.stop()


def _place(var: Path) -> ListenAddress:
    """Read where to listen; with a certificate of one's own that is for the whole network."""
    port = address.port()
    if not environment.flag("DRAAGVLAK_TLS"):
        return ListenAddress(environment.text("DRAAGVLAK_BIND", "127.0.0.1"), port)
    tls = local_tls.prepare(var)
    os.environ.setdefault("DRAAGVLAK_URL", f"https://{tls.address}:{port}")
    return ListenAddress(environment.text("DRAAGVLAK_BIND", "0.0.0.0"), port, tls)  # noqa: S104 - asked for by TLS=1


def _prepare(steps: Steps) -> str:
    """Make everything ready; return who can log in, where that is the demo's."""
    with steps.step("de database en de wachtrij starten", "starting the database and the queue"):
        servers.start()
    with steps.step("de tabellen bijwerken", "bringing the tables up to date"):
        _update_tables()
        prepare.manage("confirm_keys")
    with steps.step("vormgeving en scripts klaarzetten", "gathering styles and scripts"):
        prepare.static_files()
    if not _wants_demo():
        return ""
    with steps.step("verzonnen mensen en bestanden laden", "loading fictional people and files"):
        return prepare.told("load_demo", "--at-start")


def _update_tables() -> None:
    if servers.are_embedded():
        prepare.tables()
    else:
        prepare.manage("migrate", "--no-input", "--verbosity=0")


def _wants_demo() -> bool:
    return environment.flag("DRAAGVLAK_DEMO", default=servers.are_embedded())


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


def _await_web(supervisor: Supervisor, place: ListenAddress) -> None:
    """Return once a page is really served; a page that keeps failing is not waited for long."""
    deadline, fails = time.monotonic() + WEB_PATIENCE, False
    while time.monotonic() < deadline:
        dead = supervisor.died()
        if dead is not None:
            message = f"{dead.name} start niet, zie / does not start, see {supervisor.log_of(dead.name)}"
            raise StartError(message)
        status = _ask(place)
        if status and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        if status and not fails:
            deadline, fails = time.monotonic() + FAULT_PATIENCE, True
        time.sleep(ASK_AGAIN)
    message = f"De website werkt niet, zie / the website does not work, see {supervisor.log_of('web')}"
    raise StartError(message)


def _ask(place: ListenAddress) -> int:
    """Return the status of the first page, or 0 when nothing answers."""
    line = _line(place)
    try:
        line.request("GET", "/", headers={"Host": f"localhost:{place.port}"})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def _line(place: ListenAddress) -> http.client.HTTPConnection:
    host = "127.0.0.1" if place.host == "0.0.0.0" else place.host  # noqa: S104 - where to ask, not to listen
    if place.tls is None:
        return http.client.HTTPConnection(host, place.port, timeout=10)
    return http.client.HTTPSConnection(host, place.port, timeout=10, context=place.tls.trusting())


def _address(place: ListenAddress) -> str:
    return environment.text("DRAAGVLAK_URL") or f"http://localhost:{place.port}"


def _greet(place: ListenAddress, log_ins: str) -> None:
    """Print the address and, with demo data, who can log in."""
    shown = _address(place)
    sys.stdout.write(f"\nDraagvlak: {shown}\n")
    if place.tls is not None:
        sys.stdout.write(TRUST.format(address=shown, name=local_tls.PUBLIC_NAME, file=place.tls.authority))
    sys.stdout.write(f"{log_ins}Ctrl-C stopt alles / stops everything.\n")
    sys.stdout.flush()


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
