"""For reasons to hold somebody: what takes the ground away, and what gives it back."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from care.accounts.organisations import set_phase
from care.consent.statements import record_objection, withdraw_objection
from care.schema.constants import Phase
from care.schema.models import Client, Insurer, PhasePeriod
from care.schema.statements import LegalBasis
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import Reason
from tests.declarations.office import BORN, Office, stop_sending


def objects(office: Office, client: Client) -> None:
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)


def takes_objection_back(office: Office, client: Client) -> None:
    with office.facts():
        withdraw_objection(client=client, day=timezone.localdate(), user=None)


def loses_basis(office: Office, _client: Client) -> None:
    with office.facts():
        LegalBasis.objects.update(valid_until=date(2024, 1, 1))


def gets_basis_back(office: Office, _client: Client) -> None:
    with office.facts():
        LegalBasis.objects.create(
            organisation=office.house.organisation,
            insurer=Insurer.objects.get(uzovi="9991"),
            reference="Vervolg",
            valid_from=date(2024, 1, 1),
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
        set_phase(organisation=office.house.organisation, phase=Phase.REGISTER, valid_from=date(2024, 1, 1))


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
# The reason, what makes it hold, and what makes it go away.
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
