"""From the facts in the database to a reason: whom it holds, and what happens when its ground changes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from care.accounts.organisations import set_phase
from care.consent.statements import record_consent, withdraw_consent
from care.schema.constants import BasisKind, Phase
from care.schema.models import Insurer, PhasePeriod
from care.schema.statements import Consent, LegalBasis, Objection
from declarations.schema.constants import Reason
from declarations.schema.exceptions import WrongStateError
from tests.declarations.fictional import care, insured
from tests.declarations.matching.conditions import CHANGES, NAMES, Change
from tests.declarations.matching.states import ATTACHED, held, records
from tests.declarations.office import Office
from tests.factories import people

pytestmark = pytest.mark.django_db


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


def test_a_phase_counts_for_the_days_of_the_care_as_it_was_planned(office: Office) -> None:
    """Going to `declare` sends nothing of the months before it."""
    office.client(0)
    house = office.house.organisation
    with office.facts():
        PhasePeriod.objects.all().delete()
        set_phase(organisation=house, phase=Phase.DECLARE, valid_from=timezone.localdate())
    file = office.attached(insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")))
    assert office.state(file) == held(Reason.PHASE_FORBIDS)
    with office.facts():
        set_phase(organisation=house, phase=Phase.DECLARE, valid_from=date(2024, 1, 20))
    office.attach(file)
    assert office.state(file) == ATTACHED
    assert [(record.first_day, record.last_day) for record in records(office)] == [
        (date(2024, 1, 20), date(2024, 1, 31))
    ]
    assert office.item(file).detail == {"left_out": [["2024-01-01", "2024-01-15"]]}


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
