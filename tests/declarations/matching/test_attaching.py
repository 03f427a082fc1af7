"""From the facts in the database to records: which are made, for which days, and once."""

from datetime import date

import pytest

from declarations.decisions.stored import detail_from_json
from declarations.delivery import withdrawing
from declarations.matching import services
from declarations.schema.constants import FileState, Reason
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import AttachmentEvent
from tests.declarations import fictional
from tests.declarations.fictional import care, credit, insured, zero
from tests.declarations.matching.states import ATTACHED, excluded, held, records
from tests.declarations.office import Office
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def test_it_attaches_a_client_with_a_profile(office: Office) -> None:
    client = office.client(0)
    file = office.attached()
    assert office.state(file) == ATTACHED
    assert office.item(file).client_id == client.pk
    (record,) = records(office)
    assert (str(record.first_day), str(record.last_day)) == ("2024-01-01", "2024-01-31")
    assert (record.list_code, record.performance_code, record.time_unit) == ("990", "DK01", "00")


def test_a_reference_is_unique_and_the_same_every_time(office: Office) -> None:
    office.client(0)
    office.client(1)
    first = office.attached(insured(0), insured(1))
    references = [record.reference for record in records(office)]
    with office.facts():
        withdrawing.withdraw_file(file=first)
    office.attached(insured(0), insured(1))
    assert [record.reference for record in records(office)] == references
    assert len(set(references)) == 2
    assert all(reference.startswith("DV") and len(reference) == 20 for reference in references)


def test_it_says_which_days_have_no_profile(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")))
    item = office.item(file)
    assert (item.state, item.reason) == held(Reason.NO_VALID_PROFILE)
    (days,) = detail_from_json(item.detail).days
    assert (str(days.first), str(days.last)) == ("2024-01-29", "2024-01-31")


def test_a_late_profile_helps_and_the_temporary_one_ends_earlier(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-11", "2024-01-31")))
    office.profile(client, date(2024, 1, 11), "DKDL-05")
    office.attach(file)
    assert [
        (record.performance_code, str(record.first_day), str(record.last_day)) for record in records(office)
    ] == [("TYD", "2024-01-01", "2024-01-10"), ("DK05", "2024-01-11", "2024-01-31")]


def test_an_officer_may_attach_the_rest(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")))
    with office.facts():
        services.attach_rest(item=office.item(file))
    office.attach(file)
    assert office.state(file) == ATTACHED
    (record,) = records(office)
    assert str(record.last_day) == "2024-01-10"


def test_there_is_no_rest_of_a_person_who_is_held_for_something_else(office: Office) -> None:
    file = office.attached()
    with office.facts(), pytest.raises(WrongStateError):
        services.attach_rest(item=office.item(file))


def test_it_excludes_credits_only_and_profile_lines(office: Office) -> None:
    office.client(1)
    file = office.attached(
        insured(0, credit()),
        insured(1, care(), zero(list_code="990", code="DK07")),
        insured(2, care(), credit("2024-01-02", "2024-01-02", earlier_reference="F2023-12 0002")),
    )
    assert office.states(file) == [
        excluded(Reason.CREDITS_ONLY),
        excluded(Reason.PROFILE_LINE_PRESENT),
        held(Reason.CLIENT_UNKNOWN),
    ]


def test_another_zero_line_is_an_ordinary_performance(office: Office) -> None:
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1))
    file = office.attached(insured(0, care("2024-01-05", "2024-01-09"), zero("2024-01-20", "2024-01-25")))
    (record,) = records(office)
    assert office.state(file) == ATTACHED
    assert (str(record.first_day), str(record.last_day)) == ("2024-01-05", "2024-01-25")


def test_everything_of_a_file_balances(office: Office) -> None:
    office.client(0)
    file = office.imported(insured(0), insured(1), insured(2, credit()))
    assert office.balance(file).queued == 3
    balance = office.attach(file)
    assert (balance.queued, balance.attached, balance.held, balance.excluded) == (0, 1, 1, 1)
    assert balance.is_even


def test_attaching_twice_changes_nothing(office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1))
    before = [(item.state, item.reason, item.changed_at) for item in office.items(file)]
    made = [record.pk for record in records(office)]
    with office.facts():
        events = AttachmentEvent.objects.count()
    office.attach(file)
    assert [(item.state, item.reason, item.changed_at) for item in office.items(file)] == before
    assert [record.pk for record in records(office)] == made
    with office.facts():
        assert AttachmentEvent.objects.count() == events


def test_every_change_of_state_or_reason_is_written_down(office: Office) -> None:
    file = office.attached()
    client = office.client(0, day=None)
    office.attach(file)
    office.profile(client, fictional.TODAY.replace(year=2023))
    office.attach(file)
    with office.facts():
        events = AttachmentEvent.objects.filter(attachment=office.item(file)).order_by("id")
        found = [(event.from_state, event.to_state, event.reason) for event in events]
    assert found == [
        ("", "queued", ""),
        ("queued", "held", "client_unknown"),
        ("held", "held", "no_valid_profile"),
        ("held", "queued", ""),
        ("queued", "attached", ""),
    ]


def test_a_corrected_profile_is_attached_instead(office: Office) -> None:
    client = office.client(0)
    file = office.attached()
    with office.facts():
        profile = client.profiles.get()
        anamneses.corrected(profile, office.nurse, code="DKDL-08")
    with pytest.raises(WrongStateError):
        office.export(file)
    office.attach(file)
    assert [record.performance_code for record in records(office)] == ["DK08"]
    assert office.fresh(file).state == FileState.IMPORTED
