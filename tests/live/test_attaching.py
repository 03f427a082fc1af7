"""Attaching on the running product, with a worker that is killed and a broker that loses everything."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
import redis

from config.embedded import folders, paths, processes
from declarations.aw319 import sample_files
from tests.live.site import Site, new_site
from tests.waiting import wait_until

AGB = "42999077"
PERSONS = 6_000
MONTH = (date(2024, 1, 1), date(2024, 1, 31))
SPEC = sample_files.FileSpec(AGB, "9991", "LEVEND-0", *MONTH, invoice_date=date(2024, 2, 2))
CLIENT_COLUMNS = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot"
)
ANAMNESE_COLUMNS = "bsn;datum;" + ";".join(f"Q{number}" for number in range(1, 14))
PATIENCE = 60.0
# Of the newest file: persons queued and attached; records, persons with one, times that one was attached.
COUNTS = """
    select count(*) filter (where state = 'queued'), count(*) filter (where state = 'attached')
    from declarations_attachment where file_id = (select max(id) from declarations_declarationfile)
"""
ONCE = """
    with item as (
        select id from declarations_attachment
        where file_id = (select max(id) from declarations_declarationfile)
    )
    select (select count(*) from declarations_profilerecord join item on item.id = attachment_id),
        (select count(distinct attachment_id) from declarations_profilerecord
            join item on item.id = attachment_id),
        (select count(*) from declarations_attachmentevent join item on item.id = attachment_id
            where to_state = 'attached')
"""
_numbers_of_files = count(1)


@pytest.fixture(scope="module")
def busy_site() -> Iterator[Site]:
    """Return a running site whose organisation has the clients of the file, each with a profile."""
    site = new_site(demo=False)
    site.start()
    _fill(site)
    yield site
    site.remove()


def _fill(site: Site) -> None:
    people = list(sample_files.population(SPEC, sample_files.Population(PERSONS, performances=1)))
    clients = [
        f"{one.bsn};A.;;Voorbeeld;{one.date_of_birth};{one.sex};9991;;Noord;2020-01-01;" for one in people
    ]
    anamneses = [f"{one.bsn};2023-12-01;;1;3;;;;;;;;;;" for one in people]
    _write(site, "clients.csv", CLIENT_COLUMNS, *clients)
    _write(site, "anamneses.csv", ANAMNESE_COLUMNS, *anamneses)
    (site.var / "file.txt").write_bytes(b"".join(sample_files.build(SPEC, people)))
    for command in (
        ("add_organisation", AGB, "Zorg Levend", "--team", "Noord"),
        ("add_insurer", "9991", "Verzekeraar"),
        ("import_clients", str(site.var / "clients.csv"), "--organisation", AGB),
        ("import_anamneses", str(site.var / "anamneses.csv"), "--organisation", AGB),
        tuple(f"add_legal_basis --organisation {AGB} --uzovi 9991 --reference P --from 2020-01-01".split()),
    ):
        _manage(site, *command)


def _write(site: Site, name: str, *lines: str) -> None:
    (site.var / name).write_text("\n".join([*lines, ""]), "utf-8")


def _manage(site: Site, *arguments: str) -> str:
    done = site.manage(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _import(site: Site) -> str:
    """Import the file under an invoice number of its own and return its id."""
    content = (site.var / "file.txt").read_bytes()
    path = site.var / "next.txt"
    path.write_bytes(content.replace(b"LEVEND-0 ", b"LEVEND-%d " % next(_numbers_of_files), 1))
    return _manage(site, "import_declarations", str(path), "--organisation", AGB).split()[-1]


@contextmanager
def _database(site: Site) -> Iterator[psycopg.Connection]:
    address = paths.postgres_url(site.var, "draagvlak_owner")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def _numbers(connection: psycopg.Connection, question: LiteralString) -> tuple[int, ...]:
    found = connection.execute(question).fetchone()
    assert found is not None
    return tuple(found)


def _signal_all_of(site: Site, name: str, sent: signal.Signals) -> None:
    for pid in site.pids(name):
        os.kill(pid, sent)


def _comes_out_once(connection: psycopg.Connection) -> None:
    wait_until(lambda: _numbers(connection, COUNTS) == (0, PERSONS), within=PATIENCE, what="all attached")
    assert _numbers(connection, ONCE) == (PERSONS, PERSONS, PERSONS)


def test_a_worker_killed_while_attaching_loses_nothing_and_does_nothing_twice(busy_site: Site) -> None:
    with _database(busy_site) as connection:
        _import(busy_site)
        wait_until(lambda: _numbers(connection, COUNTS)[1], within=PATIENCE, what="the first batch")
        _signal_all_of(busy_site, "worker", signal.SIGKILL)
        queued, attached = _numbers(connection, COUNTS)
        assert queued, "the worker was killed too late to prove anything"
        assert queued + attached == PERSONS
        _comes_out_once(connection)


def _kill_server(folder: Path) -> None:
    """Kill every process of a server, by the folder in which it works."""
    found = processes.working_in(folder)
    assert found
    for pid in found:
        with suppress(ProcessLookupError):  # the first took others along
            os.kill(pid, signal.SIGKILL)


def _kill_database(site: Site) -> None:
    _kill_server(folders.known_home(paths.Layout(site.var)) / "data")


def _kill_broker(site: Site) -> None:
    _kill_server(paths.Layout(site.var).redis_data)


def _all_attached(site: Site) -> bool:
    """Tell whether nobody is queued any more; while the database is away nobody can tell."""
    try:
        with _database(site) as connection:
            return _numbers(connection, COUNTS) == (0, PERSONS)
    except psycopg.OperationalError:
        return False


@pytest.mark.parametrize("kill", [_kill_database, _kill_broker], ids=["database", "broker"])
def test_a_server_killed_with_persons_in_the_queue_loses_nothing(
    busy_site: Site, kill: Callable[[Site], None]
) -> None:
    """The workers are held still meanwhile: on a slow machine they might be done before."""
    _signal_all_of(busy_site, "worker", signal.SIGSTOP)
    _import(busy_site)
    kill(busy_site)
    _signal_all_of(busy_site, "worker", signal.SIGCONT)
    wait_until(lambda: _all_attached(busy_site), within=PATIENCE, what="all attached")
    with _database(busy_site) as connection:
        assert _numbers(connection, ONCE) == (PERSONS, PERSONS, PERSONS)


def test_items_are_found_after_the_broker_lost_everything(busy_site: Site) -> None:
    """Nobody is told of the file any more; the schedule finds it in the table."""
    with _database(busy_site) as connection:
        _signal_all_of(busy_site, "worker", signal.SIGSTOP)
        _import(busy_site)
        redis.Redis(unix_socket_path=str(paths.Layout(busy_site.var).redis_socket)).flushall()
        # What a stopped worker had been handed is lost with it.
        _signal_all_of(busy_site, "worker", signal.SIGKILL)
        assert _numbers(connection, COUNTS) == (PERSONS, 0)
        _comes_out_once(connection)


def test_the_command_works_side_by_side_with_a_worker(busy_site: Site) -> None:
    with _database(busy_site) as connection:
        file_id = _import(busy_site)
        out = _manage(busy_site, "attach_profiles", file_id)
        assert out.startswith(f"{PERSONS} toegevoegd, 0 aangehouden")
        _comes_out_once(connection)
