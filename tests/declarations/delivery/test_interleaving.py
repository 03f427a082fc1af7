"""Whatever comes in between: nothing is had that was blocked; what comes at once waits for each other."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from care.schema.facts import fact_tables
from care.schema.statements import Objection
from care.tenancy import locks
from declarations.delivery import exporting
from declarations.handover import services as handover
from declarations.schema.constants import Handover
from declarations.schema.exceptions import BlockedError
from declarations.schema.models import Export
from tests.beside import beside, somebody_waits
from tests.database import as_owner
from tests.declarations.delivery.interleaving import PERSONS, interleaved
from tests.declarations.delivery.separating import agree_apart, records, separates
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.waiting import wait_until

SAMPLE = 30
TO_THE_END = 3  # of so many the last: it takes longer than the steps themselves


@pytest.mark.django_db
def test_nothing_is_had_that_was_blocked_and_nothing_lost_in_whatever_order(office: Office) -> None:
    clients = [office.client(number) for number in range(PERSONS)]
    for seed in range(SAMPLE):
        with transaction.atomic():
            wrong = interleaved(office, clients, seed, to_the_end=seed % TO_THE_END == TO_THE_END - 1)
            transaction.set_rollback(True)
        assert wrong == [], seed


@pytest.mark.django_db(transaction=True)
def test_a_release_waits_for_an_objection_that_is_being_written(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    office.make(file)

    def release() -> None:
        with office.facts():
            handover.release(file=office.fresh(file))

    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=timezone.localdate()
        )
        thread, outcomes = beside(release)
        wait_until(somebody_waits)
    thread.join()
    assert [type(outcome) for outcome in outcomes] == [BlockedError]
    assert office.fresh(file).handover != Handover.RELEASED


@pytest.mark.django_db(transaction=True)
def test_an_objection_waits_for_a_release_that_is_under_way(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    office.make(file)

    def object_to_it() -> None:
        with office.facts():
            Objection.objects.create(
                organisation=office.house.organisation, client=client, made_on=timezone.localdate()
            )

    with office.facts():
        handover.release(file=office.fresh(file))
        thread, outcomes = beside(object_to_it)
        wait_until(somebody_waits)
    thread.join()
    assert outcomes == [None]
    assert office.fresh(file).handover == Handover.RELEASED


@pytest.mark.django_db(transaction=True)
def test_a_release_waits_for_who_writes_facts_without_a_scope(office: Office) -> None:
    """As the owner of the tables can, in a command or by hand."""
    client = office.client(0)
    file = office.attached(insured(0))
    office.make(file)

    def release() -> None:
        with office.facts():
            handover.release(file=office.fresh(file))

    with transaction.atomic(), as_owner():
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=timezone.localdate()
        )
        thread, outcomes = beside(release)
        wait_until(somebody_waits)
    thread.join()
    assert [type(outcome) for outcome in outcomes] == [BlockedError]


@pytest.mark.django_db(transaction=True)
def test_who_writes_facts_without_a_scope_waits_for_a_release(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0))
    office.make(file)
    whose = office.house.organisation

    def object_to_it() -> None:
        with transaction.atomic(), as_owner():
            Objection.objects.create(organisation=whose, client=client, made_on=timezone.localdate())

    with office.facts():
        handover.release(file=office.fresh(file))
        thread, outcomes = beside(object_to_it)
        wait_until(somebody_waits)
    thread.join()
    assert outcomes == [None]


@pytest.mark.django_db(transaction=True)
def test_releases_of_two_organisations_do_not_wait_for_each_other(office: Office) -> None:
    with office.facts():
        locks.let_facts_stand(office.organisation_id)
        thread, outcomes = beside(lambda: turned(office.organisation_id + 1))
        thread.join(20)
    assert outcomes == [None]


def turned(organisation_id: int) -> None:
    with transaction.atomic():
        locks.let_facts_stand(organisation_id)


@pytest.mark.django_db
@pytest.mark.parametrize("table", fact_tables())
def test_the_database_lets_every_fact_wait_for_a_release(table: str) -> None:
    """A new table of facts needs `rowsecurity.facts()` in a migration."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_trigger where tgname = %s", [f"{table}_facts"])
        assert cursor.fetchone() is not None


@pytest.mark.django_db
def test_no_other_table_has_that_trigger() -> None:
    """Whoever gives a table the trigger has to say of its model that its rows are facts."""
    with connection.cursor() as cursor:
        cursor.execute("select tgrelid::regclass::text from pg_trigger where tgname like '%%\\_facts'", [])
        assert {table for (table,) in cursor.fetchall()} == set(fact_tables())


@pytest.mark.django_db(transaction=True)
def test_two_files_that_are_made_at_once_do_not_say_the_same(office: Office) -> None:
    office.client(0)
    agree_apart(office)
    first, second = (office.attached(number=number) for number in ("F1", "F2"))
    with office.facts():
        exporting.export_file(file=first)
        thread, outcomes = beside(lambda: office.make(second))
        wait_until(somebody_waits)
    thread.join()
    assert [type(outcome) for outcome in outcomes] == [Export]
    assert sum(len(records(office.written(made))) for made in separates(office)) == 1
