"""The embedded servers: from nothing, by many at once, and after every way of being killed."""

import os
import shutil
import signal
from contextlib import suppress

import psycopg
import pytest

from config import environment, servers
from config.embedded import binaries, client, folders, paths, processes
from config.embedded.errors import EmbeddedError
from config.embedded.keeper import LONGEST_BACKOFF, Child
from config.embedded.valkey import Valkey
from tests.config.conftest import Maker
from tests.config.installation import Installation
from tests.waiting import wait_until


def with_rows(installation: Installation) -> None:
    installation.use()
    installation.sql("create table kept (n int)")
    installation.sql("insert into kept select generate_series(1, 1000)")


def assert_rows_kept(installation: Installation) -> None:
    assert installation.sql("select count(*) from kept") == [(1000,)]


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # it may have ended because of the one before
            os.kill(pid, signal.SIGKILL)


def test_it_makes_the_roles_of_the_product(installation: Installation) -> None:
    installation.use()

    roles = installation.sql(
        "select rolname, rolsuper, rolcreatedb, rolcreaterole from pg_roles"
        " where rolname like 'draagvlak%' order by 1"
    )
    assert roles == [("draagvlak_app", False, False, False), ("draagvlak_owner", False, True, False)]
    assert installation.sql("show listen_addresses") == [("",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        installation.sql("create table mine (n int)", paths.RUNTIME_ROLE)


def test_it_starts_once_for_six_processes_at_once(installation: Installation) -> None:
    users = [installation.begin_use() for _ in range(6)]
    for user in users:
        installation.expect_ready(user)

    log = (installation.layout.logs / "postgres.log").read_text()
    assert log.count("starting PostgreSQL") == 1


def test_it_stops_after_the_last_user_and_keeps_the_data(installation: Installation) -> None:
    with_rows(installation)
    installation.end_use()
    wait_until(installation.is_down)

    installation.use()
    assert_rows_kept(installation)


def test_it_stops_when_its_last_user_is_killed(installation: Installation) -> None:
    user = installation.use()
    user.kill()
    wait_until(installation.is_down)


def test_it_goes_on_after_the_database_is_killed(installation: Installation) -> None:
    with_rows(installation)
    kill(installation.postmaster())

    installation.use()
    assert_rows_kept(installation)


def test_it_restarts_a_killed_database_without_being_asked(installation: Installation) -> None:
    with_rows(installation)
    killed = installation.postmaster()
    kill(killed)

    wait_until(lambda: client.is_up(installation.var) and installation.postmaster() != killed)
    assert_rows_kept(installation)


def test_a_server_that_dies_young_waits_longer_each_time(installation: Installation) -> None:
    layout = paths.Layout(installation.var)
    child = Child(Valkey(layout, layout.redis_data))
    pauses = []
    for died in range(10):
        child.began = float(died)
        pauses.append(child.pause(died + 1.0))
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.1, LONGEST_BACKOFF)
    assert child.pause(child.began + LONGEST_BACKOFF + 1) == pauses[0]


@pytest.mark.parametrize("turn", [1, 2])
def test_it_goes_on_after_the_keeper_is_killed(installation: Installation, turn: int) -> None:
    with_rows(installation)
    killed = installation.keeper()
    processes.end([killed], signal.SIGKILL, within=5)

    installation.use()
    assert installation.keeper() != killed
    assert_rows_kept(installation)


def test_it_starts_after_everything_was_killed_at_once(installation: Installation) -> None:
    with_rows(installation)
    kill(installation.keeper(), *installation.processes(), *(user.pid for user in installation.users))
    installation.end_use()

    installation.use()
    assert_rows_kept(installation)


def test_it_starts_while_its_number_is_another_process(installation: Installation) -> None:
    with_rows(installation)
    number = str(installation.postmaster())
    left = (installation.data / "postmaster.pid").read_text()
    kill(installation.keeper(), *installation.processes())
    installation.end_use()
    wait_until(installation.is_down)
    (installation.data / "postmaster.pid").write_text(left.replace(number, str(os.getpid())))

    installation.use()
    assert_rows_kept(installation)


def test_it_leaves_nothing_running_when_its_folder_is_removed(installation: Installation) -> None:
    installation.use()
    kept = installation.data, installation.layout.redis_data
    shutil.rmtree(installation.var)
    shutil.rmtree(kept[0].parent, ignore_errors=True)
    wait_until(lambda: not installation.processes())

    installation.use()
    assert installation.sql("select 1") == [(1,)]


@pytest.mark.parametrize(
    "name", ["with a space", "with, a comma 'quote' and %20", "so-long-that-no-socket-fits-" + 90 * "x"]
)
def test_it_works_in_a_folder_of_any_name(make_installation: Maker, name: str) -> None:
    installation = make_installation(name)
    installation.use()

    assert installation.sql("select 1") == [(1,)]
    longest = installation.layout.sockets / paths.LONGEST_SOCKET_NAME
    assert len(os.fsencode(longest)) <= paths.SOCKET_PATH_LIMIT


def test_it_refuses_a_folder_of_another_user(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.make_private(installation.var)
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(EmbeddedError, match="another user"):
        folders.make_private(installation.var)


def test_it_refuses_a_link_in_place_of_a_folder(installation: Installation) -> None:
    installation.var.symlink_to("/")
    with pytest.raises(EmbeddedError, match="another user"):
        folders.make_private(installation.var)
    installation.var.unlink()


def test_it_says_what_to_do_where_there_is_no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EmbeddedError, match="DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL"):
        binaries.find()


def test_it_refuses_half_a_choice_of_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/draagvlak")
    with pytest.raises(environment.WrongSettingError, match="DATABASE_OWNER_URL, REDIS_URL"):
        servers.are_embedded()


def test_it_starts_nothing_where_servers_are_named(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in servers.NAMES:
        monkeypatch.setenv(name, "postgresql://app@db/draagvlak")
    monkeypatch.setenv("DRAAGVLAK_VAR", str(installation.var))
    servers.start()
    assert not installation.var.exists()
