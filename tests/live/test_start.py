"""`make run`, on real processes: it serves, stops whole, and comes back from every kill -9.

One installation serves all of them: where the test before ended it, it is started anew.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import environment
from config.embedded import state
from config.embedded.paths import Layout
from tests.live.site import START_PATIENCE, Site, new_site
from tests.waiting import wait_until

PROGRAMS = ("web", "worker", "scheduler")


@pytest.fixture(scope="module")
def installation() -> Iterator[Site]:
    """Return an installation without demo data, which runs or not."""
    site = new_site(demo=False)
    yield site
    site.remove()


@pytest.fixture
def site(installation: Site) -> Site:
    """Return it while it serves, with all of its programs."""
    if not installation.is_running:
        wait_until(installation.is_gone)
        installation.start()
    wait_until(
        lambda: serves(installation) and all(map(installation.pids, PROGRAMS)),
        within=START_PATIENCE,
        what="all programs to run",
    )
    return installation


def serves(site: Site) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    try:
        line.request("GET", "/", headers={"Host": "localhost"})
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def test_it_stops_whole_and_quietly_on_ctrl_c(site: Site) -> None:
    assert serves(site)

    assert site.stop() == 0
    wait_until(site.is_gone)
    assert "Traceback" not in (site.var / "supervisor.log").read_text()


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_restarts_a_killed_program(site: Site, name: str) -> None:
    killed = site.kill(name)

    wait_until(lambda: (found := site.pids(name)) and found[0] != killed, within=START_PATIENCE)
    wait_until(lambda: serves(site), within=START_PATIENCE)


def test_it_serves_again_after_its_servers_and_their_keeper_are_killed(site: Site) -> None:
    keeper = state.read(Layout(site.var).state)
    assert keeper is not None
    os.kill(keeper.pid, signal.SIGKILL)

    wait_until(
        lambda: (now := state.read(Layout(site.var).state)) and now.pid != keeper.pid, within=START_PATIENCE
    )
    wait_until(lambda: serves(site), within=START_PATIENCE)


def test_it_starts_after_all_of_it_was_killed_at_once(site: Site) -> None:
    assert site.supervisor is not None
    rulers = [site.pids(name)[0] for name in PROGRAMS]
    for pid in [site.supervisor.pid, *rulers]:
        os.kill(pid, signal.SIGKILL)
    site.supervisor.wait()

    site.start()
    assert serves(site)


def test_it_leaves_nothing_when_its_supervisor_is_killed(site: Site) -> None:
    assert site.supervisor is not None
    site.supervisor.kill()

    wait_until(site.is_gone)


def run(site: Site, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DRAAGVLAK_DATABASE_ROLE"}
    return subprocess.run(
        [sys.executable, "-m", "config.run"],
        cwd=environment.ROOT,
        env=kept | {"DRAAGVLAK_VAR": str(site.var), "DRAAGVLAK_DEMO": "0", **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_says_so_when_it_runs_already(site: Site) -> None:
    done = run(site, PORT="8000")
    assert (done.returncode, done.stdout) == (1, "")
    assert "draait al" in done.stderr


@pytest.fixture
def idle_site() -> Site:
    return new_site(demo=False)


def test_it_says_so_when_the_port_is_taken(idle_site: Site) -> None:
    with socket.create_server(("127.0.0.1", idle_site.port)):
        done = run(idle_site, PORT=str(idle_site.port))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Poort {idle_site.port}" in done.stderr
    idle_site.remove()


def test_it_refuses_a_port_that_is_none(tmp_path: Path, idle_site: Site) -> None:
    done = run(idle_site, PORT="eighty")
    assert (done.returncode, done.stderr.strip()) == (1, "PORT: use a whole number from 1 to 65535")
    idle_site.remove()
