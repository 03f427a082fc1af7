"""From the facts in the database to a state: each reason, and what happens when its ground changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from care.constants import BasisKind, Phase
from care.models import Client, Consent, Insurer, LegalBasis, Objection, PhasePeriod
from care.services import record_consent, record_objection, set_phase, withdraw_consent, withdraw_objection
from declarations import services
from declarations.attaching.stored import detail_from_json
from declarations.constants import AttachmentState, FileState, Reason
from declarations.exceptions import WrongStateError
from declarations.models import Agreement, AttachmentEvent, CodeTable, ProfileRecord
from tests.declarations import fictional
from tests.declarations.fictional import care, credit, insured, zero
from tests.declarations.office import BORN, Office, stop_sending
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db

ATTACHED = (AttachmentState.ATTACHED, Reason.NONE)


def held(reason: Reason) -> tuple[AttachmentState, Reason]:
    return (AttachmentState.HELD, reason)


def excluded(reason: Reason) -> tuple[AttachmentState, Reason]:
    return (AttachmentState.EXCLUDED, reason)


def records(office: Office) -> list[ProfileRecord]:
    with office.facts():
        return list(ProfileRecord.objects.order_by("attachment__number", "number"))


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
        services.withdraw_file(file=first)
    office.attached(insured(0), insured(1))
    assert [record.reference for record in records(office)] == references
    assert len(set(references)) == 2
    assert all(reference.startswith("DV") and len(reference) == 20 for reference in references)


def objects(office: Office, client: Client) -> None:
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)


def takes_objection_back(office: Office, client: Client) -> None:
    with office.facts():
        withdraw_objection(client=client, day=timezone.localdate(), user=None)


def loses_basis(office: Office, _client: Client) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_until=date(2024, 1, 20))


def gets_basis_back(office: Office, _client: Client) -> None:
    with office.facts():
        LegalBasis.objects.create(
            organisation=office.house.organisation,
            insurer=Insurer.objects.get(uzovi="9991"),
            reference="Vervolg",
            valid_from=date(2024, 1, 20),
        )


def leaves_care(office: Office, client: Client) -> None:
    with office.facts():
        Client.objects.filter(pk=client.pk).update(in_care_until=date(2024, 1, 1))


def stays_in_care(office: Office, client: Client) -> None:
    with office.facts():
        Client.objects.filter(pk=client.pk).update(in_care_until=None)


def is_born_later(office: Office, client: Client) -> None:
    with office.facts():
        Client.objects.filter(pk=client.pk).update(date_of_birth=BORN + timedelta(days=1))


def is_born_on_the_day(office: Office, client: Client) -> None:
    with office.facts():
        Client.objects.filter(pk=client.pk).update(date_of_birth=BORN)


def sending_goes_off(office: Office, _client: Client) -> None:
    stop_sending(office)


def sending_goes_on(office: Office, _client: Client) -> None:
    with office.facts():
        Agreement.objects.update(sending=True)


def goes_back_a_phase(office: Office, _client: Client) -> None:
    with office.facts():
        set_phase(
            organisation=office.house.organisation, phase=Phase.REGISTER, valid_from=timezone.localdate()
        )


def goes_on_a_phase(office: Office, _client: Client) -> None:
    with office.facts():
        PhasePeriod.objects.filter(phase=Phase.REGISTER).delete()


def codes_are_lost(office: Office, _client: Client) -> None:
    with office.facts():
        table = CodeTable.objects.create(
            organisation=office.house.organisation, name="Leeg", version="1", list_code="990",
            time_unit="00", codes={"DKDL-12": "ZZ12"},
        )  # fmt: skip
        Agreement.objects.update(code_table=table)


def codes_are_found(office: Office, _client: Client) -> None:
    with office.facts():
        Agreement.objects.update(code_table=CodeTable.objects.get(is_example=True))


Change = Callable[[Office, Client], None]
CHANGES: list[tuple[Reason, Change, Change]] = [
    (Reason.OBJECTION, objects, takes_objection_back),
    (Reason.NO_LEGAL_BASIS, loses_basis, gets_basis_back),
    (Reason.NOT_IN_CARE, leaves_care, stays_in_care),
    (Reason.DETAILS_DIFFER, is_born_later, is_born_on_the_day),
    (Reason.SENDING_IS_OFF, sending_goes_off, sending_goes_on),
    (Reason.PHASE_FORBIDS, goes_back_a_phase, goes_on_a_phase),
    (Reason.CODE_UNKNOWN, codes_are_lost, codes_are_found),
]
NAMES = [reason.value for reason, _, _ in CHANGES]


@pytest.mark.parametrize(("reason", "wrong", "right"), CHANGES, ids=NAMES)
def test_it_holds_for_a_reason_and_goes_on_when_that_is_gone(
    office: Office, reason: Reason, wrong: Change, right: Change
) -> None:
    client = office.client(0)
    wrong(office, client)
    file = office.attached()
    assert office.state(file) == held(reason)
    right(office, client)
    office.attach(file)
    assert office.state(file) == ATTACHED


@pytest.mark.parametrize(("reason", "wrong", "right"), CHANGES, ids=NAMES)
def test_it_takes_a_profile_off_again_when_its_ground_goes_before_the_export(
    office: Office, reason: Reason, wrong: Change, right: Change
) -> None:
    client = office.client(0)
    file = office.attached()
    assert office.state(file) == ATTACHED
    wrong(office, client)
    with pytest.raises(WrongStateError):
        office.export(file)
    office.attach(file)
    assert office.state(file) == held(reason)
    assert records(office) == []
    right(office, client)
    office.attach(file)
    assert office.state(file) == ATTACHED


def test_it_holds_an_unknown_client_until_it_is_there(office: Office) -> None:
    file = office.attached()
    assert office.state(file) == held(Reason.CLIENT_UNKNOWN)
    office.client(0, day=None)
    office.attach(file)
    assert office.state(file) == held(Reason.NO_VALID_PROFILE)


def test_a_client_of_another_organisation_is_unknown(office: Office, office_elsewhere: Office) -> None:
    office_elsewhere.client(0)
    assert office.state(office.attached()) == held(Reason.CLIENT_UNKNOWN)


def test_it_never_matches_the_number_that_is_nobody_s(office: Office) -> None:
    file = office.attached(insured(0, bsn="999999999"), insured(1, bsn="999999999", uzovi="9992"))
    assert office.states(file) == [held(Reason.BSN_UNKNOWN)] * 2


def test_it_goes_by_the_insurer_of_the_person_not_of_the_file(office: Office) -> None:
    """0204 decides about bases and agreements; a person of an insurer without any is held."""
    office.client(0)
    with office.facts():
        people.insurer(uzovi="9992")
    file = office.attached(insured(0), insured(0, uzovi="9992"))
    assert office.states(file) == [ATTACHED, held(Reason.NO_LEGAL_BASIS)]


def test_consent_stands_in_for_a_basis_for_its_own_insurer_only(office: Office) -> None:
    client = office.client(0)
    with office.facts():
        LegalBasis.objects.all().delete()
        other = people.insurer(uzovi="9992")
        record_consent(client=client, insurer=other, day=timezone.localdate(), user=None)
    file = office.attached()
    assert office.state(file) == held(Reason.NO_LEGAL_BASIS)
    with office.facts():
        insurer = Insurer.objects.get(uzovi="9991")
        record_consent(client=client, insurer=insurer, day=timezone.localdate(), user=None)
    office.attach(file)
    assert office.state(file) == ATTACHED
    with office.facts():
        withdraw_consent(client=client, insurer=insurer, day=timezone.localdate(), user=None)
    office.attach(file)
    assert office.state(file) == held(Reason.NO_LEGAL_BASIS)


def test_an_objection_that_was_taken_back_and_a_consent_to_come_do_not_count(office: Office) -> None:
    client = office.client(0)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with office.facts():
        LegalBasis.objects.all().delete()
        Objection.objects.create(
            organisation=office.house.organisation, client=client, made_on=date(2024, 1, 1),
            withdrawn_on=date(2024, 2, 1),
        )  # fmt: skip
        Consent.objects.create(
            organisation=office.house.organisation, client=client, given_on=tomorrow,
            insurer=Insurer.objects.get(uzovi="9991"),
        )  # fmt: skip
    assert office.state(office.attached()) == held(Reason.NO_LEGAL_BASIS)


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
        insured(2, care(), credit()),
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


def test_trying_again_decides_anew(office: Office) -> None:
    file = office.attached(insured(0), insured(1))
    with office.facts():
        services.retry_item(item=office.items(file)[0])
    assert [state for state, _ in office.states(file)] == [AttachmentState.QUEUED, AttachmentState.HELD]
    with office.facts():
        assert services.retry_held(file=file, reason=Reason.CLIENT_UNKNOWN) == 1
    assert [state for state, _ in office.states(file)] == [AttachmentState.QUEUED] * 2
    office.attach(file)
    assert office.states(file) == [held(Reason.CLIENT_UNKNOWN)] * 2


def test_trying_again_leaves_who_is_not_held(office: Office) -> None:
    office.client(0)
    file = office.attached()
    with office.facts():
        services.retry_item(item=office.item(file))
    assert office.state(file) == ATTACHED
    assert len(records(office)) == 1


def test_nothing_of_a_closed_file_is_tried_again(office: Office) -> None:
    file = office.attached()
    office.export(file)
    with office.facts():
        for step in (
            lambda: services.retry_item(item=office.item(file)),
            lambda: services.retry_held(file=file, reason=Reason.TOO_LATE),
            lambda: services.attach_rest(item=office.item(file)),
        ):
            with pytest.raises(WrongStateError):
                step()


def test_a_phase_that_begins_tomorrow_counts_tomorrow(office: Office) -> None:
    """Nothing is written at midnight, so the day itself is part of what is compared."""
    today = timezone.localdate()
    office.client(0)
    with office.facts():
        PhasePeriod.objects.all().delete()
        set_phase(
            organisation=office.house.organisation,
            phase=Phase.DECLARE,
            valid_from=today + timedelta(days=1),
        )
    file = office.attached()
    assert office.state(file) == held(Reason.PHASE_FORBIDS)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        office.attach(file)
    assert office.state(file) == ATTACHED


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


def test_a_basis_of_consent_covers_only_who_consented(office: Office) -> None:
    with office.facts():
        LegalBasis.objects.update(kind=BasisKind.CONSENT)
    consents = office.client(0)
    office.client(1)
    with office.facts():
        record_consent(
            client=consents, insurer=consents.insurer, day=date(2024, 1, 1), user=office.nurse.user
        )
    file = office.attached(insured(0), insured(1))
    assert office.states(file) == [ATTACHED, held(Reason.NO_LEGAL_BASIS)]
