"""A fact under a code is corrected after the anamnese, after attaching, after making, after handing over."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from care.schema.constants import Role
from care.schema.models import Client, Insurer
from care.schema.statements import LegalBasis
from declarations import rounds
from declarations.agreements import services
from declarations.decisions.stored import detail_from_json
from declarations.schema.agreement_models import CodeTable
from declarations.schema.constants import AttachmentKind, AttachmentState, MissingPart, Reason
from declarations.schema.models import Attachment, DeclarationFile
from profiles.timeline import joining
from tests.actors import House
from tests.declarations import fictional
from tests.declarations.office import BEFORE, BORN, Office, opened
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db

Change = Callable[[Office, Client], None]
CHILD_BORN = date(2012, 5, 17)


@pytest.fixture
def office(thuis: House) -> Office:
    return opened(thuis)


def born(day: date) -> Change:
    def change(office: Office, client: Client) -> None:
        with office.facts():
            people.correct_birth(client, day)

    return change


def cared_for(first: date, until: date | None) -> Change:
    def change(office: Office, client: Client) -> None:
        with office.facts():
            Client.objects.filter(pk=client.pk).update(in_care_from=first, in_care_until=until)

    return change


def another_table(office: Office, client: Client) -> None:
    """Let a table with other codes hold from a day in the past."""
    with office.facts():
        insurer = Insurer.objects.get(uzovi=fictional.UZOVI)
        now = services.in_force(organisation=office.house.organisation, insurer=insurer, day=BEFORE)
        assert now is not None
        old = now.code_table
        table = CodeTable.objects.create(
            organisation=office.house.organisation,
            name="Eigen tabel",
            version="1",
            list_code=old.list_code,
            time_unit=old.time_unit,
            codes={code: f"X{number:03}" for number, code in enumerate(old.codes)},
        )
        terms = services.AgreementTerms(sending=True, delivery_form=now.delivery_form, code_table=table)
        services.change(
            organisation=office.house.organisation, insurer=insurer, terms=terms, valid_from=date(2023, 1, 1)
        )


def compared(office: Office, _file: DeclarationFile) -> None:
    """Do what the round of every few seconds does, and work off what it queued."""
    rounds.compare_organisation(organisation_id=office.organisation_id)


def correction(office: Office, file: DeclarationFile) -> Attachment:
    (row,) = office.items(file, AttachmentKind.CORRECTION)
    return row


def reason_of(item: Attachment) -> tuple[str, str, MissingPart]:
    detail = detail_from_json(item.detail)
    return item.state, detail.before or item.reason, detail.missing


WRONG_AGE = (AttachmentState.HELD, Reason.DETAILS_DIFFER, MissingPart.AGE)


class TestDateOfBirth:
    """A woman of 83 was written down as a child, and the file knows better; or the other way round."""

    def child_in_file(self, office: Office) -> tuple[Client, DeclarationFile]:
        client = office.client(0)
        return client, office.imported(fictional.insured(0, date_of_birth=CHILD_BORN))

    def test_after_the_anamnese(self, office: Office) -> None:
        client, file = self.child_in_file(office)
        born(CHILD_BORN)(office, client)
        office.attach(file)
        assert reason_of(office.item(file)) == WRONG_AGE
        assert detail_from_json(office.item(file).detail).days

    def test_a_childs_profile_of_an_adult_never_goes(self, office: Office) -> None:
        with office.facts():
            client = people.client(
                office.house.north, bsn=fictional.BSNS[0], date_of_birth=CHILD_BORN, in_care_from=BEFORE
            )
            anamneses.finished(client, office.nurse, day=BEFORE, code="MKT")
        born(date(1940, 5, 17))(office, client)
        assert reason_of(office.item(office.attached())) == WRONG_AGE

    def test_after_attaching(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        born(CHILD_BORN)(office, client)
        office.attach(file)
        assert office.state(file) == (AttachmentState.HELD, Reason.DETAILS_DIFFER)

    def test_a_correction_lets_it_go(self, office: Office) -> None:
        client, file = self.child_in_file(office)
        born(CHILD_BORN)(office, client)
        office.attach(file)
        with office.facts():
            profile = client.profiles.get()
            profile.anamnese.client.refresh_from_db()
            mended = anamneses.corrected(profile, office.nurse, code="MKT")
        office.attach(file)
        assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
        with office.facts():
            assert office.item(file).records.get().profile == mended

    def test_after_it_went_a_correction_is_due_and_goes_once_it_is_mended(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        born(CHILD_BORN)(office, client)
        compared(office, file)
        row = correction(office, file)
        assert (row.state, row.reason) == (AttachmentState.HELD, Reason.CORRECTION_DUE)
        compared(office, file)
        assert len(office.items(file, AttachmentKind.CORRECTION)) == 1

    def test_another_date_of_the_same_generation_changes_nothing_that_went(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        born(date(1941, 5, 17))(office, client)
        compared(office, file)
        assert office.items(file, AttachmentKind.CORRECTION) == []


class TestCare:
    def test_after_the_anamnese_days_outside_care_are_left_out(self, office: Office) -> None:
        client = office.client(0)
        file = office.imported()
        cared_for(date(2024, 1, 10), date(2024, 1, 20))(office, client)
        office.attach(file)
        with office.facts():
            record = office.item(file).records.get()
        assert (record.first_day, record.last_day) == (date(2024, 1, 10), date(2024, 1, 19))

    def test_after_attaching(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        cared_for(date(2023, 1, 1), date(2024, 1, 1))(office, client)
        office.attach(file)
        assert office.state(file) == (AttachmentState.HELD, Reason.NOT_IN_CARE)

    def test_after_it_went(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        cared_for(date(2023, 1, 1), date(2024, 1, 1))(office, client)
        compared(office, file)
        assert reason_of(correction(office, file))[:2] == (AttachmentState.HELD, Reason.NOT_IN_CARE)

    def test_care_that_ended_after_the_days_that_went_changes_nothing(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        cared_for(date(2023, 1, 1), date(2024, 2, 1))(office, client)
        compared(office, file)
        assert office.items(file, AttachmentKind.CORRECTION) == []


class TestCodeTable:
    def test_after_the_anamnese_and_after_attaching(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        another_table(office, client)
        office.attach(file)
        with office.facts():
            assert office.item(file).records.get().performance_code.startswith("X")

    def test_after_it_went_the_other_code_goes_as_a_correction(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        another_table(office, client)
        compared(office, file)
        compared(office, file)
        row = correction(office, file)
        assert (row.state, row.reason) == (AttachmentState.ATTACHED, Reason.CORRECTION_DUE)
        with office.facts():
            assert row.records.get().performance_code.startswith("X")

    def test_an_agreement_of_later_days_changes_nothing_that_went(self, office: Office) -> None:
        office.client(0)
        file = office.attached()
        office.export(file)
        with office.facts():
            insurer = Insurer.objects.get(uzovi=fictional.UZOVI)
            services.switch(
                organisation=office.house.organisation,
                insurer=insurer,
                sending=False,
                valid_from=date(2024, 1, 1) + timedelta(days=60),
            )
        compared(office, file)
        assert office.items(file, AttachmentKind.CORRECTION) == []


class TestJoined:
    """The second record of the same person has a later anamnese, which comes between what went."""

    def join(self, office: Office, stays: Client) -> None:
        with office.facts():
            gone = people.client(
                office.house.north, bsn=fictional.BSNS[5], date_of_birth=BORN, in_care_from=date(2023, 1, 1)
            )
            anamneses.finished(gone, office.nurse, day=date(2024, 1, 10), code="DKDL-12")
            administrator = people.membership(Role.ADMINISTRATOR, organisation=office.house.organisation)
            joining.join(gone=gone, stays=stays, by=administrator)

    def test_after_attaching_the_record_ends_where_the_other_profile_begins(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        self.join(office, client)
        office.attach(file)
        with office.facts():
            record = office.item(file).records.get()
        assert (record.first_day, record.last_day) == (date(2024, 1, 1), date(2024, 1, 9))

    def test_after_it_went_a_correction_is_due(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        self.join(office, client)
        compared(office, file)
        assert correction(office, file).reason == Reason.CORRECTION_DUE


class TestInsurerAndTeam:
    """A code goes by the insurer in the file (0204) and the days of care: neither fact changes it."""

    def test_another_insurer_or_team_of_the_client_changes_nothing(self, office: Office) -> None:
        client = office.client(0)
        file = office.attached()
        office.export(file)
        with office.facts():
            client.insurer, client.team = people.insurer(uzovi="9992"), office.house.south
            client.save()
        compared(office, file)
        assert office.items(file, AttachmentKind.CORRECTION) == []

    def test_what_the_client_or_an_agreement_says_later_makes_nothing_wrong(self, office: Office) -> None:
        office.client(0)
        file = office.attached()
        office.export(file)
        with office.facts():
            LegalBasis.objects.update(valid_until=date(2024, 1, 1))
        compared(office, file)
        assert office.items(file, AttachmentKind.CORRECTION) == []
