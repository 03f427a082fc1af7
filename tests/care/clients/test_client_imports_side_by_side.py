"""Two programs send clients at once, or clients and anamneses: one waits for the other, and none fails."""

import pytest

from care.clients.client_import import ImportCount, import_clients
from care.schema.models import Client
from care.tenancy.commands import ImportProblems, Row
from tests.actors import House
from tests.beside import beside, somebody_waits
from tests.care.clients.test_client_import import row
from tests.factories import people
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def load(house: House, *numbers: str) -> ImportCount:
    rows = [Row(line, tuple(row(number).split(";"))) for line, number in enumerate(numbers, start=1)]
    return import_clients(organisation=house.organisation, rows=rows, problems=ImportProblems())


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
