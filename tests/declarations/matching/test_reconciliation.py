"""The nightly count of every file, and the alarm over a queue that stands still."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.utils import timezone

from declarations.matching import reconciliation, tasks
from declarations.schema.constants import BalanceKind, ChunkKind
from declarations.schema.exceptions import BrokenFileError
from declarations.schema.models import BalanceNote, DeclarationFile, ProfileRecord
from declarations.storage import chunks
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown

pytestmark = pytest.mark.django_db


def notes(office: Office) -> list[tuple[str, int, int]]:
    with office.facts():
        return list(BalanceNote.objects.order_by("id").values_list("kind", "expected", "found"))


def sent(office: Office) -> DeclarationFile:
    office.client(0)
    office.client(1)
    file = office.attached(insured(0), insured(1), insured(2))
    office.export(file)
    return file


def persons(office: Office, file: DeclarationFile, count: int) -> None:
    with office.facts():
        DeclarationFile.objects.filter(pk=file.pk).update(person_count=count)


def test_what_adds_up_leaves_no_note(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    sent(office)
    office.imported(number="F2024-02")
    office.attached(number="F2024-03")
    tasks.count_every_file()
    assert notes(office) == []
    assert "balance_off" not in caplog.text


def test_a_difference_is_noted_once_shown_logged_and_gone_again(
    office: Office, officer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    file = office.attached(insured(0), insured(1))
    persons(office, file, 3)
    tasks.count_every_file()
    tasks.count_every_file()
    assert notes(office) == [(BalanceKind.PERSONS, 3, 2)]
    line = f"balance_off file={file.public_id} kind=persons expected=3 found=2"
    assert [record.getMessage() for record in caplog.records].count(line) == 2
    assert "Van 3 verzekerden zijn er 2 teruggevonden" in shown(officer, "file-list")
    persons(office, file, 2)
    tasks.count_every_file()
    assert notes(office)[1:] == [(BalanceKind.PERSONS, 2, 2)]
    assert "klopt niet" not in shown(officer, "file-list")


def test_a_row_in_the_place_of_another_is_missed(office: Office) -> None:
    file = office.imported(insured(0), insured(1))
    with office.facts():
        file.attachments.filter(number=2).update(number=9)
    assert reconciliation.note_balances(organisation_id=office.organisation_id) == 1
    assert notes(office) == [(BalanceKind.PERSONS, 2, 1)]


def test_a_record_that_is_not_in_the_file_is_missed(office: Office) -> None:
    file = sent(office)
    with office.facts():
        ProfileRecord.objects.filter(attachment__file=file, attachment__number=1).delete()
    tasks.count_every_file()
    assert notes(office) == [(BalanceKind.RECORDS, 2, 1)]


@pytest.mark.parametrize("change", [{"reference": "DVOTHER"}, {"performance_code": "DK99"}])
def test_a_record_that_stands_otherwise_in_the_file_is_missed(office: Office, change: dict[str, str]) -> None:
    file = sent(office)
    with office.facts():
        ProfileRecord.objects.filter(attachment__file=file, attachment__number=1).update(**change)
    tasks.count_every_file()
    assert notes(office) == [(BalanceKind.RECORDS, 2, 1)]


def test_a_file_that_cannot_be_read_does_not_stop_the_count(
    office: Office, office_elsewhere: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sent(office)
    other = office_elsewhere.imported()
    persons(office_elsewhere, other, 2)
    real = chunks.read

    def read(whose: DeclarationFile, kind: ChunkKind) -> Iterator[bytes]:
        if whose.pk == file.pk:
            raise BrokenFileError("no content")
        return real(whose, kind)

    monkeypatch.setattr(chunks, "read", read)
    tasks.count_every_file()
    assert notes(office) == [(BalanceKind.RECORDS, 2, 0)]
    assert notes(office_elsewhere) == [(BalanceKind.PERSONS, 2, 1)]


def test_notes_do_not_change(office: Office) -> None:
    file = office.imported()
    persons(office, file, 2)
    tasks.count_every_file()
    with office.facts(), pytest.raises(DatabaseError), transaction.atomic():
        BalanceNote.objects.update(found=2)


def test_another_organisation_sees_nothing_of_it(officer: Browser, office_elsewhere: Office) -> None:
    file = office_elsewhere.imported()
    persons(office_elsewhere, file, 2)
    tasks.count_every_file()
    assert "klopt niet" not in shown(officer, "file-list")


def test_a_queue_that_stands_still_is_told_of(
    office: Office, officer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    office.imported(insured(0), insured(1))
    start = timezone.now()
    with time_machine.travel(
        start + timedelta(minutes=settings.QUEUE_ALARM_MINUTES - 1), tick=False
    ) as clock:
        assert "staat stil" not in shown(officer, "file-list")
        tasks.tell_who_waits_too_long()
        assert "queue_waits" not in caplog.text
        clock.shift(timedelta(minutes=2))
        page = shown(officer, "file-list")
        assert "staat stil" in page
        assert "2 verzekerden wachten" in page
        tasks.tell_who_waits_too_long()
    assert f"queue_waits organisation={office.organisation_id} minutes=16 count=2" in caplog.text


def test_who_is_held_or_withdrawn_stands_in_no_queue(office: Office) -> None:
    office.attached()
    with time_machine.travel(timezone.now() + timedelta(days=1)), office.facts():
        assert reconciliation.waiting_too_long(office.organisation_id) is None


def test_the_count_is_at_night_and_the_alarm_once_an_hour() -> None:
    entries = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert settings.CELERY_TIMEZONE == "Europe/Amsterdam"
    assert entries[tasks.count_every_file.name] == crontab(hour="3", minute="40")
    assert entries[tasks.tell_who_waits_too_long.name] == crontab(minute="11")
