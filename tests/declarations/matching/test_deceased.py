"""0223 says that somebody died: attached as ever, and a question to the nurse; the officer sees both."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client as Browser

from care.clients import deaths
from care.consent import statements
from care.schema.death_notices import DeathNotice, NoticeState
from care.schema.models import Client, Organisation
from care.schema.statements import LegalBasis
from declarations import rounds
from declarations.agreements import services as agreements
from declarations.handover.blocking import blocked_at
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import DeclarationFile
from profiles.timeline import reassessment
from tests.actors import Actor
from tests.declarations.fictional import SPEC, care, insured
from tests.declarations.office import BORN, Office
from tests.declarations.pages import shown
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db
CASE = Path(__file__).parents[1] / "cases" / "deceased.txt"
ATTACHED = (AttachmentState.ATTACHED, Reason.NONE)


def notices(office: Office) -> list[DeathNotice]:
    with office.facts():
        return list(DeathNotice.objects.order_by("pk"))


def died(office: Office, client: Client, day: date) -> None:
    with office.facts():
        deaths.record_death(client=client, died_on=day, by=office.nurse)


def test_the_case_is_attached_and_the_nurse_is_told(office: Office) -> None:
    with office.facts():
        Organisation.objects.filter(pk=office.organisation_id).update(agb="75999001")
        insurer = people.insurer(uzovi="9998")
        organisation = office.house.organisation
        agreements.agree_once(organisation=organisation, insurer=insurer, valid_from=date(2013, 1, 1))
        LegalBasis.objects.create(
            organisation=organisation, insurer=insurer, reference="Proef", valid_from=date(2013, 1, 1)
        )
        client = people.client(office.house.north, bsn="999800243", date_of_birth=date(1941, 1, 1))
        anamneses.finished(client, office.nurse, day=date(2026, 9, 1))
        organisation.refresh_from_db()
    file = office.take_in(CASE.read_bytes())
    office.attach(file)
    assert office.state(file) == ATTACHED
    with office.facts():
        (group,) = reassessment.due_groups(office.nurse, day=date(2026, 11, 30))
    assert (group.key, [case.client for case in group.cases]) == ("death", [client])
    assert [notice.told_on for notice in notices(office)] == [date(2026, 11, 2)]


def test_any_of_the_records_of_a_person_says_it(office: Office) -> None:
    client = office.client(0)
    office.client(1)
    office.attached(insured(0), insured(1), insured(0, care("2024-01-20"), is_deceased=True))
    (notice,) = notices(office)
    assert (notice.client_id, notice.told_on) == (client.pk, SPEC.invoice_date)
    assert notice.state == NoticeState.OPEN


def test_a_second_file_and_a_second_decision_ask_nothing_new(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0, is_deceased=True))
    with office.facts():
        deaths.deny_death(client=client, by=office.nurse)
        statements.record_objection(client=client, day=date(2024, 1, 1), user=None)
    office.attach(file)
    assert office.state(file) == (AttachmentState.HELD, Reason.OBJECTION)
    office.attached(insured(0, is_deceased=True), number="F2024-02")
    assert [notice.state for notice in notices(office)] == [NoticeState.DENIED]


def test_who_is_not_known_yet_is_asked_about_once_known(office: Office) -> None:
    file = office.attached(insured(0, is_deceased=True))
    assert notices(office) == []
    office.client(0)
    rounds.compare_organisation(organisation_id=office.organisation_id)
    office.attach(file)
    assert len(notices(office)) == 1


def test_nobody_is_asked_about_another_person(office: Office) -> None:
    """The date of birth is another: the number may be somebody else's."""
    client = office.client(0)
    file = office.attached(insured(0, date_of_birth=date(1950, 1, 1), is_deceased=True))
    assert notices(office) == []
    with office.facts():
        Client.objects.filter(pk=client.pk).update(date_of_birth=date(1950, 1, 1))
    office.attach(file)
    assert len(notices(office)) == 1


def test_a_test_file_asks_nothing(office: Office, officer: Browser) -> None:
    office.client(0)
    file = office.attached(insured(0, is_deceased=True), is_test=True)
    assert notices(office) == []
    page = shown(officer, "queue-item", office.item(file).public_id)
    assert "Dit is een proefbestand. Daarom is er niemand iets over gevraagd." in page


def test_the_record_ends_on_the_day_of_death(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0, care("2024-01-01", "2024-01-31"), is_deceased=True))
    died(office, client, date(2024, 1, 19))
    office.attach(file)
    with office.facts():
        record = office.item(file).records.get()
    assert (record.first_day, record.last_day) == (date(2024, 1, 1), date(2024, 1, 19))


def test_a_made_file_with_days_after_the_death_is_blocked(office: Office) -> None:
    client = office.client(0)
    file = office.attached(insured(0, care("2024-01-01", "2024-01-31"), is_deceased=True))
    office.make(file)
    died(office, client, date(2024, 1, 19))
    rounds.compare_organisation(organisation_id=office.organisation_id)
    with office.facts():
        assert blocked_at(file) is not None


class TestTheOfficerSees:
    @pytest.fixture
    def client(self, office: Office) -> Client:
        return office.client(0)

    @pytest.fixture
    def file(self, office: Office, client: Client) -> DeclarationFile:
        return office.attached(insured(0, is_deceased=True), insured(1, is_deceased=True), insured(2))

    def answer(self, office: Office, officer: Browser, file: DeclarationFile, number: int = 1) -> str:
        item = office.items(file)[number - 1]
        return shown(officer, "queue-item", item.public_id)

    def test_how_many_and_who(self, officer: Browser, file: DeclarationFile) -> None:
        page = shown(officer, "file-page", file.public_id)
        assert "Volgens dit bestand zijn 2 verzekerden overleden (veld 0223)." in page
        assert "Van 1 moet de verpleegkundige nog zeggen of dat klopt." in page
        assert "?overleden=1" in page
        listed = shown(officer, "queue-list", file.public_id, overleden="1")
        assert listed.count('class="entry-title"') == 2
        assert "overleden=1" in listed

    def test_nothing_where_a_file_says_it_of_nobody(self, office: Office, officer: Browser) -> None:
        office.client(0)
        file = office.attached(insured(0))
        assert "0223" not in shown(officer, "file-page", file.public_id)
        assert "0223" not in self.answer(office, officer, file)

    def test_how_it_was_answered(
        self, office: Office, officer: Browser, client: Client, file: DeclarationFile
    ) -> None:
        assert "Dat staat als vraag bij de verpleegkundige." in self.answer(office, officer, file)
        assert "staat niet vast" in self.answer(office, officer, file, 2)
        with office.facts():
            deaths.deny_death(client=client, by=office.nurse)
        assert "zegt dat dit niet klopt" in self.answer(office, officer, file)
        died(office, client, date(2024, 1, 31))
        assert "Het overlijden is vastgelegd." in self.answer(office, officer, file)


def test_the_nurses_page_leads_to_the_answer(office: Office, nurse: Actor) -> None:
    client = office.client(0)
    office.attached(insured(0, is_deceased=True))
    assert client.date_of_birth == BORN
    assert "Klopt dat?" in shown(nurse.browser, "client-page", client.public_id)
