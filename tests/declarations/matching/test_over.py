"""Files that went and of which nothing goes any more: nobody in them is promised anything."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from declarations.matching import after_export, corrections
from declarations.schema.models import DeclarationFile
from profiles.schema.models import ReassessmentEvent
from tests.declarations.delivery.separating import LATE
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.replies.answering import delivered, recorded, references

pytestmark = pytest.mark.django_db

#: All that tells of a next time: nothing of these files goes any more.
PROMISES = (
    "volgende aparte bestand",
    "nu nog",
    "Anamnese vragen",
    "Aan de verpleegkundige vragen",
    "De rest toevoegen",
)


def half_known(office: Office, *, is_test: bool = False) -> DeclarationFile:
    """Make a file of a person with a profile on some days only, who was held."""
    office.profile(office.client(0, day=None), date(2024, 1, 1), "TIJDELIJK")
    days = care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")
    file = office.attached(insured(0, *days), is_test=is_test)
    office.export(file)
    assert office.state(file) == LATE
    return file


def promises_nothing(officer: Browser, office: Office, file: DeclarationFile, told: str) -> None:
    """Hold the pages of a file, of its list and of its person against what they may not promise."""
    item = office.item(file)
    for page in (
        shown(officer, "file-page", file.public_id),
        shown(officer, "queue-list", file.public_id, staat=item.state, reden=item.reason),
        shown(officer, "queue-item", item.public_id),
    ):
        assert told in page
        assert [words for words in PROMISES if words in page] == []


def refuses_all(officer: Browser, office: Office, file: DeclarationFile) -> None:
    """Send the forms all the same: nobody is asked anything, and nothing waits."""
    item = office.item(file)
    asked_all = officer.post(reverse("queue-ask", args=[file.public_id]), follow=True)
    assert "Het verandert niet meer." in text(asked_all)
    asked_one = officer.post(reverse("queue-item-ask", args=[item.public_id]), follow=True)
    assert "Een anamnese helpt deze verzekerde niet verder." in text(asked_one)
    rest = officer.post(reverse("queue-item-rest", args=[item.public_id]), follow=True)
    assert "Het verandert niet meer." in text(rest)
    with office.facts():
        assert not ReassessmentEvent.objects.exists()
    assert office.state(file) == LATE


def test_nobody_of_a_test_file_is_promised_a_separate_one(officer: Browser, office: Office) -> None:
    file = half_known(office, is_test=True)
    promises_nothing(officer, office, file, "Er gaat niets van naar de verzekeraar.")
    refuses_all(officer, office, file)


def test_nor_of_a_file_of_long_ago(officer: Browser, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = half_known(office)
    page = shown(officer, "queue-item", office.item(file).public_id)
    assert "De rest toevoegen" in page, "as long as it is not too long ago"
    assert "Wat het nu nog tegenhoudt: geen geldig profiel." in page
    monkeypatch.setattr(after_export, "LONGEST_LATE", timedelta(0))
    promises_nothing(officer, office, file, "Dit profiel gaat niet meer mee.")
    refuses_all(officer, office, file)


def test_the_nurses_can_be_asked_for_a_test_file_that_is_open(officer: Browser, office: Office) -> None:
    office.client(0, day=None)
    file = office.attached(is_test=True)
    assert "Aan de verpleegkundige vragen" in shown(officer, "queue-item", office.item(file).public_id)
    page = officer.post(reverse("queue-ask", args=[file.public_id]), follow=True)
    assert "Bij 1 cliënt is nu een anamnese gevraagd" in text(page)


def test_what_came_back_of_a_file_of_long_ago_is_nobody_s_task(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.client(0)
    file = delivered(office, 0)
    recorded(office, f"{references(office, file)[0]};afgekeurd;Onbekende code")
    with office.facts():
        assert [row.file for row in corrections.returned_by_file(office.organisation_id)] == [file]
        monkeypatch.setattr(after_export, "LONGEST_LATE", timedelta())
        assert corrections.returned_by_file(office.organisation_id) == []
