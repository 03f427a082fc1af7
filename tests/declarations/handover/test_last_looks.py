"""A look after the first is at whom something was written of since: added, changed or removed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from psycopg.types.range import Range

from care.schema.models import Client
from care.schema.periods import CarePeriod
from care.schema.statements import LegalBasis, Objection
from care.tenancy import locks
from declarations.decisions.fact_stamps import stamp_now
from declarations.decisions.facts import fingerprint
from declarations.delivery import deliveries, remaking
from declarations.handover import carried_records
from declarations.handover import services as handover
from declarations.schema.constants import Handover
from declarations.schema.delivery_models import LastLook
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile
from tests.declarations.delivery.separating import look
from tests.declarations.fictional import BSNS, care, insured
from tests.declarations.matching.conditions import objects
from tests.declarations.office import BORN, SINCE, Office
from tests.factories import people

pytestmark = pytest.mark.django_db

PERSONS = 4


@pytest.fixture
def clients(office: Office) -> list[Client]:
    return [office.client(number) for number in range(PERSONS)]


@pytest.fixture
def file(office: Office, clients: list[Client]) -> DeclarationFile:
    row = office.attached(*(insured(number) for number in range(PERSONS)))
    office.make(row)
    return row


@pytest.fixture
def looked(file: DeclarationFile, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return at how many persons each look was, once the file was made."""
    found: list[int] = []
    among = carried_records._lapsed_among

    def counting(row: DeclarationFile, persons: list[int], today: date) -> list[carried_records.Lapsed]:
        found.append(len(persons))
        return among(row, persons, today)

    monkeypatch.setattr(carried_records, "_lapsed_among", counting)
    return found


def move(office: Office, client: Client) -> None:
    """Write something of a client that changes nothing about the file."""
    with office.facts():
        Client.objects.filter(pk=client.pk).update(in_care_from=SINCE)


def test_a_round_looks_at_the_one_of_whom_something_was_written(
    office: Office, clients: list[Client], file: DeclarationFile, looked: list[int]
) -> None:
    look(office)
    assert looked == []
    move(office, clients[2])
    look(office)
    assert looked == [1]
    assert office.fresh(file).handover == Handover.MADE
    objects(office, clients[1])
    look(office)
    look(office)
    assert looked == [1, 1]
    assert office.fresh(file).handover == Handover.BLOCKED


def test_what_is_written_of_others_is_no_look(office: Office, looked: list[int]) -> None:
    office.client(PERSONS)
    look(office)
    assert looked == []


def test_so_does_a_page_and_the_release(
    office: Office, officer: Browser, clients: list[Client], file: DeclarationFile, looked: list[int]
) -> None:
    move(office, clients[0])
    officer.get(reverse("file-page", args=[file.public_id]))
    assert looked == [1]
    move(office, clients[3])
    office.release(file)
    assert looked == [1, 1]
    assert office.fresh(file).handover == Handover.RELEASED


def test_a_rule_is_about_everybody(office: Office, file: DeclarationFile, looked: list[int]) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_until=date(2024, 1, 10))
    look(office)
    assert looked == [PERSONS]
    assert office.fresh(file).handover == Handover.BLOCKED


def test_a_version_made_anew_has_a_look_of_its_own(
    office: Office, clients: list[Client], file: DeclarationFile, looked: list[int]
) -> None:
    objects(office, clients[0])
    with office.facts():
        remaking.make_anew(file=office.fresh(file))
        assert LastLook.objects.get(file=file).version == 2
    del looked[:]
    objects(office, clients[1])
    look(office)
    assert looked == [1]
    assert office.fresh(file).handover == Handover.BLOCKED


def test_a_file_from_before_is_looked_at_whole_once(
    office: Office, clients: list[Client], file: DeclarationFile, looked: list[int]
) -> None:
    with office.facts():
        LastLook.objects.all().delete()
    for client in clients[:2]:
        move(office, client)
        look(office)
    assert looked == [PERSONS, 1]


def _removed(_office: Office, client: Client) -> None:
    CarePeriod.objects.filter(client=client, period__contains=date(2024, 1, 20)).delete()


def _moved(_office: Office, client: Client) -> None:
    rows = CarePeriod.objects.filter(client=client, period__contains=date(2024, 1, 20))
    rows.update(period=Range(date(2025, 1, 1), date(2025, 2, 1)))


@pytest.mark.parametrize("change", [_removed, _moved])
def test_what_is_removed_is_seen(
    office: Office, clients: list[Client], change: Callable[[Office, Client], None]
) -> None:
    with office.facts():
        CarePeriod.objects.filter(client=clients[0]).update(period=Range(SINCE, date(2024, 1, 15)))
        second = Range(date(2024, 1, 15), None)
        CarePeriod.objects.create(organisation=office.house.organisation, client=clients[0], period=second)
    file = office.attached(insured(0, care("2024-01-01", "2024-01-31")), insured(1))
    office.make(file)
    move(office, clients[1])
    look(office)
    with office.facts():
        change(office, clients[0])
    look(office)
    assert office.fresh(file).handover == Handover.BLOCKED


def test_a_number_that_goes_to_another_client_is_seen(
    office: Office, clients: list[Client], file: DeclarationFile, looked: list[int]
) -> None:
    with office.facts():
        Client.objects.filter(pk=clients[0].pk).update(bsn_hash=b"x" * 32)
        look(office)
        people.client(
            office.house.north, bsn=BSNS[0], date_of_birth=BORN - timedelta(days=1), in_care_from=SINCE
        )
    look(office)
    assert looked == [1, 1]
    assert office.fresh(file).handover == Handover.BLOCKED


def test_what_was_delivered_is_looked_at_before_others_wait(
    office: Office,
    clients: list[Client],
    file: DeclarationFile,
    looked: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with office.facts():
        deliveries.record_delivery(file=office.fresh(file), delivered_at=timezone.now())
    del looked[:]
    monkeypatch.setattr(locks, "let_facts_stand", lambda _organisation_id: looked.append(0))
    office.release(file)
    assert looked == [PERSONS, 0]


def test_an_objection_while_what_was_delivered_is_looked_at_is_seen(
    office: Office, clients: list[Client], file: DeclarationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.facts():
        deliveries.record_delivery(file=office.fresh(file), delivered_at=timezone.now())
    monkeypatch.setattr(locks, "let_facts_stand", lambda _organisation_id: objects(office, clients[0]))
    with pytest.raises(WrongStateError, match="geef het niet vrij"):
        office.release(file)
    assert office.fresh(file).handover == Handover.DELIVERED


def test_a_moment_has_the_same_size_however_many_there_are(office: Office) -> None:
    with office.facts():
        before = stamp_now(timezone.localdate())
    office.client(0)
    with office.facts():
        after = stamp_now(timezone.localdate())
    assert len(after.buckets) == len(before.buckets)
    assert len(after.touched_since(before) or ()) == 1


def test_a_look_over_midnight_is_one_of_the_day_before(
    office: Office, clients: list[Client], file: DeclarationFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds from the new day on is seen in the next look, though nothing was written since."""
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59)
    with office.facts():
        Objection.objects.create(
            organisation=office.house.organisation,
            client=clients[0],
            made_on=midnight.date() + timedelta(days=1),
        )
    with time_machine.travel(midnight, tick=False) as clock:

        def into_the_new_day(today: date) -> str:
            clock.shift(2)
            return fingerprint(today)

        with monkeypatch.context() as slow, office.facts():
            slow.setattr(handover, "fingerprint", into_the_new_day)
            handover.examine(office.fresh(file))
        assert office.fresh(file).handover == Handover.MADE
        look(office)
    assert office.fresh(file).handover == Handover.BLOCKED
