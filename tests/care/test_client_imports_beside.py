"""Two programs send clients at once, or clients and anamneses: one waits for the other, and none fails."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection

from care.client_import import ImportCount, import_clients
from care.commands import Problems, Row
from care.models import Client
from tests.actors import House
from tests.care.test_client_import import row
from tests.factories import people
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return bool(cursor.fetchone()[0])


def load(house: House, *numbers: str) -> ImportCount:
    rows = [Row(line, tuple(row(number).split(";"))) for line, number in enumerate(numbers, start=1)]
    return import_clients(organisation=house.organisation, rows=rows, problems=Problems())


def beside(work: Callable[[], object]) -> tuple[Thread, list[object]]:
    """Begin work on a connection of its own; return its thread, and where its outcome comes to stand."""
    outcomes: list[object] = []

    def done() -> None:
        try:
            outcomes.append(work())
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            outcomes.append(error)
        finally:
            connection.close()

    thread = Thread(target=done)
    thread.start()
    return thread, outcomes


def test_the_same_new_clients_may_come_twice_at_once_in_another_order(thuis: House) -> None:
    people.insurer(uzovi="9991")
    first, second = people.bsn(), people.bsn()

    def other() -> ImportCount:
        with thuis.scope():
            return load(thuis, second, first)

    with thuis.scope():
        load(thuis, first)
        thread, outcomes = beside(other)
        wait_until(somebody_waits)
        assert load(thuis, second).added == 1
    thread.join()
    assert outcomes == [ImportCount(added=0, updated=2)]


def test_whoever_holds_clients_in_their_order_is_waited_for(thuis: House) -> None:
    """As taking anamneses in does."""
    people.insurer(uzovi="9991")
    first, second = people.bsn(), people.bsn()
    with thuis.scope():
        load(thuis, first, second)
        held = list(Client.objects.order_by("pk").values_list("pk", flat=True))

    def other() -> ImportCount:
        with thuis.scope():
            return load(thuis, second, first)

    with thuis.scope():
        Client.objects.select_for_update().get(pk=held[0])
        thread, outcomes = beside(other)
        wait_until(somebody_waits)
        Client.objects.select_for_update().get(pk=held[1])
    thread.join()
    assert outcomes == [ImportCount(added=0, updated=2)]
