"""Small files from practice, each with what must come of it: a record ends where it may not speak on."""

from datetime import date
from pathlib import Path

import pytest

from care.models import Client, Insurer, LegalBasis
from care.periods import CarePeriod
from care.services import record_receiver
from declarations.aw319.layout import FIELDS
from declarations.grounds import agreements
from declarations.models import Agreement, ProfileRecord
from tests.declarations.attaching.states import ATTACHED
from tests.declarations.office import Office
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent / "cases"
ALWAYS = date(2013, 1, 1)


def known(office: Office, bsn: str, uzovi: str, born: date = date(1940, 5, 17)) -> Client:
    """Return a client insured with uzovi, with DKDL-01 since September; files to 9991 may speak of them."""
    with office.facts():
        insurer = people.insurer(uzovi=uzovi)
        client = people.client(office.house.north, bsn=bsn, date_of_birth=born, insurer=insurer)
        anamneses.finished(client, office.nurse, day=date(2024, 9, 1))
        agreements.agree_once(organisation=office.house.organisation, insurer=insurer, valid_from=ALWAYS)
        if uzovi != "9991":
            _receives(office, "9991", insurer)
    return client


def _receives(office: Office, addressee: str, insurer: Insurer) -> None:
    record_receiver(
        organisation=office.house.organisation,
        addressee=Insurer.objects.get(uzovi=addressee),
        insurer=insurer,
        valid_from=ALWAYS,
    )


def based(office: Office, uzovi: str, first: date, until: date | None = None) -> None:
    with office.facts():
        LegalBasis.objects.create(
            organisation=office.house.organisation,
            insurer=Insurer.objects.get(uzovi=uzovi),
            reference=f"Sinds {first}",
            valid_from=first,
            valid_until=until,
        )


def days(office: Office, name: str) -> list[tuple[str, str]]:
    """Return first and last day of the records that come of a file, two years earlier than it says."""
    raw = (CASES / f"{name}.txt").read_bytes().replace(b"2026", b"2024")
    whose = FIELDS["0112"]
    agb = office.house.organisation.agb.encode()
    file = office.take_in(raw[: whose.start - 1] + agb + raw[whose.end :])
    office.attach(file)
    assert office.state(file) == ATTACHED
    with office.facts():
        rows = ProfileRecord.objects.order_by("number").values_list("first_day", "last_day")
        return [(f"{first:%m-%d}", f"{last:%m-%d}") for first, last in rows]


def test_no_record_has_a_day_between_two_bases(office: Office) -> None:
    known(office, "991001035", "9994")
    based(office, "9994", ALWAYS, date(2024, 10, 11))
    based(office, "9994", date(2024, 10, 20))
    assert days(office, "l01_gap_between_bases") == [("10-01", "10-10"), ("10-20", "10-31")]


def test_a_record_ends_where_sending_goes_off(office: Office) -> None:
    client = known(office, "991001047", "9995")
    based(office, "9995", ALWAYS)
    with office.facts():
        agreements.switch(
            organisation=office.house.organisation,
            insurer=client.insurer,
            sending=False,
            valid_from=date(2024, 10, 16),
        )
        assert Agreement.objects.filter(insurer=client.insurer).count() == 2
    assert days(office, "l02_sending_off_within") == [("10-10", "10-15")]


def test_a_record_ends_on_the_day_of_death(office: Office) -> None:
    """Care ends then: the day after it is the first without."""
    client = known(office, "991000791", "9991")
    with office.facts():
        client.in_care_until = date(2024, 10, 17)
        client.save()
    assert days(office, "d16_died") == [("10-01", "10-16")]


def test_a_basis_counts_until_and_not_on_its_end(office: Office) -> None:
    """A basis until the last day of the month: that day has none, and the others go."""
    client = known(office, "999800449", "9992", born=date(1940, 3, 3))
    based(office, "9992", ALWAYS, date(2024, 10, 31))
    assert client.insurer.uzovi == "9992"
    assert days(office, "basis_last_day") == [("10-01", "10-30")]


def test_no_record_has_a_day_between_two_stays(office: Office) -> None:
    client = known(office, "991000791", "9991")
    with office.facts():
        CarePeriod.objects.filter(client=client).delete()
        for stay in ((ALWAYS, date(2024, 10, 6)), (date(2024, 10, 25), None)):
            CarePeriod.objects.create(organisation=office.house.organisation, client=client, period=stay)
    assert days(office, "d16_died") == [("10-01", "10-05"), ("10-25", "10-31")]
