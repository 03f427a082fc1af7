"""Making a file as a job: seen while it goes on, proven before it is released, taken up again after death."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, OperationalError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.consent.statements import record_objection
from care.schema.crypto import UnreadableValueError
from care.tenancy import scope
from care.tenancy.locks import second_connection, try_advisory_lock
from declarations import aw319, rounds
from declarations.aw319 import writer
from declarations.delivery import exporting, jobs, tasks
from declarations.delivery.job_requests import ask
from declarations.progress import announcing
from declarations.progress.progress_channel import ProgressReporter, telling
from declarations.progress.work_slots import numbers_of
from declarations.schema.constants import AttachmentState, ChunkKind, FileState
from declarations.schema.delivery_constants import ATTEMPTS, JobPhase, JobState, MakingRefusal, ReplyKind
from declarations.schema.delivery_models import ExportJob, Progress, Reply
from declarations.schema.exceptions import StillQueuedError
from declarations.schema.models import DeclarationFile, FileChunk
from declarations.storage import chunks
from tests.actors import Actor
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.working import again, done, due_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told")]


def asked(office: Office, file: DeclarationFile, actor: Actor) -> ExportJob:
    with scope.organisation(office.organisation_id, user_id=actor.user.pk):
        job = ask(file=office.fresh(file), membership=actor.membership)
    assert job is not None
    return job


def test_the_button_asks_and_a_worker_makes(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1))
    answer = officer.post(reverse("file-export", args=[file.public_id]), follow=True)
    assert "Wacht op een vrije plek" in text(answer)
    assert office.fresh(file).state == FileState.IMPORTED
    with office.facts():
        job = ExportJob.objects.get(file=file)
    assert done(office, job).state == JobState.DONE
    with office.facts():
        export = DeclarationFile.objects.get(pk=file.pk).export
    assert export.made_by == declaration_officer.user
    assert "Bestand ophalen" in shown(officer, "file-page", file.public_id)


def test_asking_twice_is_one_job(office: Office, declaration_officer: Actor) -> None:
    office.client(0)
    file = office.attached()
    first, second = asked(office, file, declaration_officer), asked(office, file, declaration_officer)
    assert first == second
    done(office, first)
    with office.facts():
        assert ask(file=office.fresh(file), membership=declaration_officer.membership) is None


def test_it_does_not_begin_while_anybody_is_queued(office: Office, declaration_officer: Actor) -> None:
    file = office.imported()
    with pytest.raises(StillQueuedError):
        asked(office, file, declaration_officer)


def test_whoever_made_it_stands_in_the_events(office: Office, declaration_officer: Actor) -> None:
    office.client(0)
    file = office.attached()
    done(office, asked(office, file, declaration_officer))
    item = office.item(file)
    with office.facts():
        event = item.events.get(to_state=AttachmentState.EXPORTED)
    assert event.user == declaration_officer.user


def test_changed_facts_send_it_back_to_the_officer(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    client = office.client(0)
    file = office.attached()
    job = asked(office, file, declaration_officer)
    with office.facts():
        record_objection(client=client, day=timezone.localdate(), user=None)
    job = done(office, job)
    assert (job.state, job.refusal, job.refused_count) == (JobState.REFUSED, MakingRefusal.FACTS_CHANGED, 1)
    assert office.state(file)[0] == AttachmentState.QUEUED
    assert "veranderde er intussen iets" in shown(officer, "file-page", file.public_id)


def spoil(office: Office, file: DeclarationFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writer change an amount."""

    def generous(*_arguments: object) -> object:
        original = office.written(file, ChunkKind.ORIGINAL)
        return iter([original.replace(b"00019500D", b"00029500D")])

    monkeypatch.setattr(aw319, "write_with_profiles", generous)


def test_a_file_that_our_checker_refuses_is_not_released_and_says_so(
    officer: Browser, office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.client(0)
    file = office.attached()
    spoil(office, file, monkeypatch)
    job = done(office, asked(office, file, declaration_officer))
    assert job.state == JobState.UNSOUND
    assert ("0426", "amount.calculated") in {(found["field"], found["rule"]) for found in job.findings}
    with office.facts():
        assert not FileChunk.objects.filter(kind=ChunkKind.EXPORT).exists()
    page = shown(officer, "file-page", file.public_id)
    assert 'role="alert"' in page
    assert "niet vrijgegeven" in page
    assert "0426" in page
    assert "niet vrijgegeven" in shown(officer, "file-list")
    refused = officer.get(reverse("file-download", args=[file.public_id]))
    assert refused.status_code == 302
    monkeypatch.undo()
    monkeypatch.setattr(announcing, "announce_free_place", lambda: None)
    assert done(office, asked(office, file, declaration_officer)).state == JobState.DONE


def test_a_worker_that_dies_leaves_nothing_and_the_next_round_begins_anew(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Death is an exception that nobody catches, somewhere in the middle of writing."""
    office.client(0)
    file = office.attached()
    job = asked(office, file, declaration_officer)
    real, sent = chunks.store, []

    def killed(*arguments: Any) -> Any:
        real(*arguments)
        raise SystemExit

    monkeypatch.setattr(chunks, "store", killed)
    with pytest.raises(SystemExit):
        tasks.make_export(office.organisation_id, str(job.public_id))
    assert again(office, job).state == JobState.WORKING
    with office.facts():
        assert not FileChunk.objects.filter(kind=ChunkKind.EXPORT).exists()
    monkeypatch.setattr(chunks, "store", real)

    def noted(arguments: tuple[int, str], **_options: object) -> None:
        sent.append(arguments)
        tasks.make_export(*arguments)

    monkeypatch.setattr(tasks.make_export, "apply_async", noted)
    rounds.look_for_due_exports()
    assert (office.organisation_id, str(job.public_id)) in sent
    assert again(office, job).state == JobState.DONE
    with office.facts():
        assert office.fresh(file).export.inserted_count == 1


def test_a_fault_is_tried_again_and_in_the_end_told(
    officer: Browser, office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.attached()
    job = asked(office, file, declaration_officer)

    monkeypatch.setattr(exporting, "export_file", raising(OperationalError))
    for _attempt in range(ATTEMPTS):
        job = done(office, job)
        due_now(office, job)
    assert (job.state, job.attempts, job.fault) == (JobState.FAILED, ATTEMPTS, "OperationalError")
    assert "is vijf keer niet gelukt" in shown(officer, "file-page", file.public_id)


def raising(fault: type[Exception]) -> Callable[..., None]:
    def broken(**_words: object) -> None:
        raise fault("not for a log")

    return broken


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (DataError, (MakingRefusal.DEFECT, "een fout van ons")),
        (ZeroDivisionError, (MakingRefusal.DEFECT, "een fout van ons")),
        (aw319.InsertionRefusedError, (MakingRefusal.DEFECT, "een fout van ons")),
        (UnreadableValueError, (MakingRefusal.UNREADABLE, "Een sleutel ontbreekt")),
    ],
)
def test_what_cannot_succeed_ends_at_the_first_attempt_with_its_reason(
    officer: Browser,
    office: Office,
    declaration_officer: Actor,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
    told: tuple[MakingRefusal, str],
) -> None:
    file = office.attached()
    job = asked(office, file, declaration_officer)
    monkeypatch.setattr(exporting, "export_file", raising(fault))
    job = done(office, job)
    assert (job.state, job.attempts, job.refusal) == (JobState.FAILED, 1, told[0])
    assert job.fault == fault.__name__
    assert told[1] in shown(officer, "file-page", file.public_id)
    assert "niet gelukt" in shown(officer, "file-list")


def test_stored_bytes_that_no_key_opens_end_it_at_once(
    officer: Browser, office: Office, declaration_officer: Actor, settings: Any
) -> None:
    """As after a start with other keys: the attempts of it kept everybody's files waiting."""
    file = office.attached()
    job = asked(office, file, declaration_officer)
    with monkeypatched_keys(settings):
        job = done(office, job)
    assert (job.state, job.attempts, job.refusal) == (JobState.FAILED, 1, MakingRefusal.UNREADABLE)
    officer.post(reverse("file-export", args=[file.public_id]))
    office.make_what_was_asked()
    assert office.fresh(file).state == FileState.EXPORTED


@contextmanager
def monkeypatched_keys(settings: Any) -> Iterator[None]:
    before = settings.FIELD_KEYS
    settings.FIELD_KEYS = {"other": b"k" * 32}
    yield
    settings.FIELD_KEYS = before


def test_more_records_than_can_be_counted_are_told_before_anything_is_written(
    officer: Browser, office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.client(0)
    file = office.attached()
    job = asked(office, file, declaration_officer)
    monkeypatch.setattr(writer, "MOST_PERFORMANCES", 1)
    monkeypatch.setattr(chunks, "store", raising(AssertionError))
    job = done(office, job)
    assert (job.state, job.attempts, job.refusal) == (JobState.REFUSED, 1, MakingRefusal.TOO_MANY_RECORDS)
    assert "niet meer in het sluitrecord" in shown(officer, "file-page", file.public_id)
    assert office.fresh(file).state == FileState.IMPORTED


def test_one_worker_at_a_time_makes_a_file(office: Office, declaration_officer: Actor) -> None:
    job = asked(office, office.attached(), declaration_officer)
    with try_advisory_lock(f"export job {job.public_id}") as is_mine:
        assert is_mine
        assert done(office, job).state == JobState.WAITING
    assert done(office, job).state == JobState.DONE


def test_the_other_workers_go_on_attaching(office: Office, declaration_officer: Actor) -> None:
    job = asked(office, office.attached(), declaration_officer)
    with try_advisory_lock("export place 0"), try_advisory_lock("export place 1"):
        assert done(office, job).state == JobState.WAITING
    assert done(office, job).state == JobState.DONE


def test_a_short_file_never_waits_behind_long_ones(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = asked(office, office.attached(number="F1"), declaration_officer)
    short = asked(office, office.attached(insured(1), number="F2"), declaration_officer)
    with try_advisory_lock("export place 0"):
        with monkeypatch.context() as sizes:
            sizes.setattr(jobs, "SHORT_RECORDS", 1)
            assert done(office, long).state == JobState.WAITING
        assert done(office, short).state == JobState.DONE
    assert done(office, long).state == JobState.DONE


@pytest.mark.parametrize(
    ("places", "long", "short"), [(1, [0], [0]), (2, [0], [1, 0]), (4, [0, 1, 2], [3, 2, 1, 0])]
)
def test_the_last_place_is_kept_for_short_work(
    settings: Any, places: int, long: list[int], short: list[int]
) -> None:
    settings.EXPORTS_AT_ONCE = places
    assert (list(numbers_of(is_short=False)), list(numbers_of(is_short=True))) == (long, short)


def test_a_job_that_is_not_there_is_passed_over(office: Office) -> None:
    assert not jobs.work(organisation_id=office.organisation_id, public_id=uuid4())


def test_another_organisation_s_job_is_not_there(
    office: Office, office_elsewhere: Office, declaration_officer: Actor
) -> None:
    job = asked(office, office.attached(), declaration_officer)
    assert not jobs.work(organisation_id=office_elsewhere.organisation_id, public_id=job.public_id)
    assert again(office, job).state == JobState.WAITING


def test_progress_is_told_in_both_phases(office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1))
    told: list[tuple[str, int]] = []

    class Noting(ProgressReporter):
        def begin(self, phase: JobPhase, total: int) -> None:
            told.append((phase, total))

        def add(self, count: int) -> None:
            told.append(("", count))

    with office.facts():
        exporting.export_file(file=file, watcher=Noting())
    assert told == [(JobPhase.WRITING, 6), ("", 6), (JobPhase.PROVING, 7), ("", 7), (JobPhase.FINISHING, 0)]


def test_what_is_told_is_seen_before_the_work_is_done(office: Office) -> None:
    """The test's own transaction is the work: what is told of it is there for other connections."""
    key, whose = uuid4(), str(office.organisation_id)
    with office.facts(), telling(key=key, organisation_id=office.organisation_id) as watcher:
        watcher.begin(JobPhase.WRITING, 10)
        with second_connection() as other, other.transaction():
            other.execute("SELECT set_config('app.organisation', %s, true)", [whose])
            seen = "SELECT phase, done, total FROM declarations_progress WHERE key = %s"
            row = other.execute(seen, [key]).fetchone()
        assert row == ("writing", 0, 10)


def test_telling_never_stops_the_work(caplog: pytest.LogCaptureFixture) -> None:
    """Here the number of the organisation cannot even be sent; the work goes on in silence."""
    key = uuid4()
    with telling(key=key, organisation_id=2**70) as watcher:
        watcher.begin(JobPhase.WRITING, 10)
        watcher.add(10)
    assert caplog.text.count("progress_untold") == 1


def test_what_nobody_confirmed_is_forgotten_after_a_day(office: Office) -> None:
    now = timezone.now()
    with office.facts():
        for hours in (1, 30):
            then = now - timedelta(hours=hours)
            Progress.objects.create(
                key=uuid4(), organisation_id=office.organisation_id, phase=JobPhase.WRITING,
                done=1, total=2, phase_began_at=then, told_at=then,
            )  # fmt: skip
            list_ = Reply.objects.create(organisation_id=office.organisation_id, kind=ReplyKind.LIST)
            Reply.objects.filter(pk=list_.pk).update(made_at=then)
        rounds.forget_the_unconfirmed()
        assert (Progress.objects.count(), Reply.objects.count()) == (1, 1)
