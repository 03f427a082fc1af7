"""Which sent records a correction is due of, and when none goes any more."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from declarations.matching import after_export, corrections
from declarations.queries import selectors
from declarations.schema.constants import AttachmentKind, AttachmentState, Reason
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from tests.actors import Actor
from tests.declarations.delivery.separating import look, made, one_late, records
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown
from tests.declarations.replies.answering import handed_over, recorded
from tests.factories import anamneses

pytestmark = pytest.mark.django_db


def correct(office: Office, day: date, code: str = "DKDL-12") -> None:
    """Let the nurse correct the profile of a day."""
    with office.facts():
        record = ProfileRecord.objects.get(profile__date=day)
        anamneses.corrected(record.profile, office.nurse, code=code)
    look(office)


def sent_back(office: Office, file: DeclarationFile, *numbers: int) -> None:
    """Let the insurer send back some records of the only person of a file, by their numbers."""
    handed_over(office, file)
    with office.facts():
        records = ProfileRecord.objects.filter(attachment__file=file, number__in=numbers)
        lines = [f"{record.reference};afgekeurd;Onbekend" for record in records]
    recorded(office, *lines)


def one_of_two_corrected(office: Office, number: int) -> DeclarationFile:
    """Return a file of two that went, after which the nurse corrected the profile of one of them."""
    office.client(0)
    office.client(1)
    file = office.attached(insured(0), insured(1))
    office.export(file)
    with office.facts():
        profile = ProfileRecord.objects.get(attachment__number=number).profile
        anamneses.corrected(profile, office.nurse, code="DKDL-12")
    look(office)
    return file


def test_a_record_that_stands_is_corrected_though_another_of_the_person_came_back(office: Office) -> None:
    client = office.client(0, day=date(2023, 12, 1))
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")))
    office.export(file)
    sent_back(office, file, 1)
    assert office.state(file)[0] == AttachmentState.REJECTED
    correct(office, date(2024, 1, 16))
    came_back, due = office.items(file, AttachmentKind.CORRECTION)
    assert came_back.reason == Reason.RETURNED
    assert due.reason == Reason.CORRECTION_DUE
    with office.facts():
        assert (came_back.corrects.number, due.corrects.number) == (1, 2)  # type: ignore[union-attr]
    apart = made(office)
    assert apart is not None
    went = [row[1:] for row in records(office.written(apart))]
    assert went == [("20240116", "20240131", "DK12")], "what came back still waits for somebody"


def test_all_that_came_back_of_a_client_is_told_in_one_box(office: Office, nurse: Actor) -> None:
    client = office.client(0, day=date(2023, 12, 1))
    office.profile(client, date(2024, 1, 16), "DKDL-09")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31")))
    office.export(file)
    sent_back(office, file, 1, 2)
    page = shown(nurse.browser, "client-page", client.public_id)
    assert page.count("stuurde de code van de anamnese") == 2
    assert page.count("alert-warning") == 1


def test_nothing_is_due_of_a_test_file(office: Office) -> None:
    """It goes nowhere, so nothing of it can be put right."""
    office.client(0)
    file = office.attached(is_test=True)
    office.export(file)
    correct(office, date(2023, 12, 1))
    assert office.items(file, AttachmentKind.CORRECTION) == []


def test_nothing_is_due_of_what_went_too_long_ago(office: Office) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    with time_machine.travel(timezone.now() + after_export.LONGEST_LATE + timedelta(days=1)):
        correct(office, date(2023, 12, 1))
    assert office.items(file, AttachmentKind.CORRECTION) == []


def test_what_came_back_of_long_ago_cannot_be_sent_again(office: Office) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    sent_back(office, file, 1)
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    with time_machine.travel(timezone.now() + after_export.LONGEST_LATE + timedelta(days=1)):
        with office.facts(), pytest.raises(WrongStateError, match="te lang geleden"):
            corrections.send_again(item=waiting)
        correct(office, date(2023, 12, 1))
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    assert (waiting.state, waiting.reason) == (AttachmentState.HELD, Reason.RETURNED)


def test_nor_is_that_offered(office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    sent_back(office, file, 1)
    (waiting,) = office.items(file, AttachmentKind.CORRECTION)
    offers = "Opnieuw aanbieden", "Aan de verpleegkundige vragen"
    page = shown(officer, "queue-item", waiting.public_id)
    assert all(offer in page for offer in offers)
    monkeypatch.setattr(after_export, "LONGEST_LATE", timedelta(0))
    page = shown(officer, "queue-item", waiting.public_id)
    assert "Dit profiel gaat niet meer mee." in page
    assert not any(offer in page for offer in offers)


def test_a_correction_that_went_is_counted_and_listed_beside_the_persons(
    office: Office, officer: Browser
) -> None:
    file = one_of_two_corrected(office, 1)
    assert made(office) is not None
    with office.facts():
        said = [(group.kind, group.state, group.count) for group in selectors.groups(file)]
    assert said == [("correction", "exported", 1), ("regular", "exported", 2)]
    page = shown(officer, "file-page", file.public_id)
    assert "Correctie: in een gemaakt bestand" in page
    where = {"staat": "exported", "reden": ""}
    persons = shown(officer, "queue-list", file.public_id, **where)
    due = shown(officer, "queue-list", file.public_id, soort="correction", **where)
    assert (persons.count("entry-title"), due.count("entry-title")) == (2, 1)


def test_a_correction_says_which_person_of_the_file_it_is_about(office: Office, officer: Browser) -> None:
    file = one_of_two_corrected(office, 2)
    (due,) = office.items(file, AttachmentKind.CORRECTION)
    assert due.number == 1
    assert "verzekerde 2, vanaf" in shown(officer, "queue-item", due.public_id)
    assert made(office) is not None
    with office.facts():
        profile = ProfileRecord.objects.get(attachment=due).profile
        anamneses.corrected(profile, office.nurse, code="DKDL-09")
    look(office)
    _first, again = office.items(file, AttachmentKind.CORRECTION)
    with office.facts():
        Attachment.objects.filter(pk=again.pk).update(client=None)
    page = shown(officer, "queue-item", again.public_id)
    assert "verzekerde 2, vanaf" in page
    assert "Gaat het profiel van verzekerde 2 mee?" in page
    listed = shown(
        officer, "queue-list", file.public_id, staat=again.state, reden=again.reason, soort="correction"
    )
    assert "Verzekerde 2 in het bestand" in listed


def test_who_goes_apart_later_says_so(office: Office, officer: Browser) -> None:
    file = one_late(office)
    item = office.item(file)
    assert "Het wacht op het volgende aparte bestand." in shown(officer, "queue-item", item.public_id)
