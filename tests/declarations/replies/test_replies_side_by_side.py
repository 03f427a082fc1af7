"""Answers that come in at once, as an ECD sends many of them: each sees what the one before it said."""

from datetime import date

import pytest

from declarations.replies import services
from declarations.schema.constants import AttachmentKind, AttachmentState
from declarations.schema.delivery_constants import ReplyStatus
from declarations.schema.models import DeclarationFile
from tests.beside import beside, somebody_waits
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.replies.answering import handed_over, listed, recorded, references
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(office: Office) -> DeclarationFile:
    """A file that was handed over, with two records of one person."""
    client = office.client(0, day=None)
    office.profile(client, date(2023, 12, 1), "DKDL-01")
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    days = care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")
    made = office.attached(insured(0, *days))
    office.export(made)
    return handed_over(office, made)


def test_a_person_is_accepted_when_the_last_two_answers_come_at_once(
    office: Office, file: DeclarationFile
) -> None:
    first, second = references(office, file)
    with office.facts():
        one = services.prepare_list(
            organisation=office.house.organisation, content=listed(f"{first};aanvaard;")
        )
    with office.facts():
        services.record_list(reply=one)
        thread, outcomes = beside(lambda: recorded(office, f"{second};aanvaard;"))
        wait_until(somebody_waits)
    thread.join()
    assert [preview.accepted for preview in outcomes] == [1]  # type: ignore[attr-defined]
    assert office.state(file)[0] == AttachmentState.ACCEPTED


def test_the_same_answer_twice_at_once_is_new_once(office: Office, file: DeclarationFile) -> None:
    line = f"{references(office, file)[0]};afgekeurd;Onbekende code"
    with office.facts():
        one = services.prepare_list(organisation=office.house.organisation, content=listed(line))
    with office.facts():
        services.record_list(reply=one)
        thread, outcomes = beside(lambda: recorded(office, line))
        wait_until(somebody_waits)
    thread.join()
    assert [(preview.rejected, preview.known) for preview in outcomes] == [(0, 1)]  # type: ignore[attr-defined]


def test_an_answer_to_the_whole_file_waits_for_one_to_a_record(office: Office, file: DeclarationFile) -> None:
    first, _second = references(office, file)
    with office.facts():
        one = services.prepare_list(
            organisation=office.house.organisation, content=listed(f"{first};afgekeurd;Onbekende code")
        )

    def whole() -> services.ReplyPreview:
        with office.facts():
            return services.record_for_file(file=file, status=ReplyStatus.ACCEPTED)

    with office.facts():
        services.record_list(reply=one)
        thread, outcomes = beside(whole)
        wait_until(somebody_waits)
    thread.join()
    assert [preview.accepted for preview in outcomes] == [2]  # type: ignore[attr-defined]
    assert office.state(file)[0] == AttachmentState.ACCEPTED
    (waited,) = office.items(file, AttachmentKind.CORRECTION)
    assert waited.state == AttachmentState.EXCLUDED
