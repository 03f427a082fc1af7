"""Making a separate file as a job: asked once, seen while it goes on, proven, taken up again after death."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care import scope
from care.models import AccessLog
from care.services import record_objection
from declarations import aw319, holding, services
from declarations.apart import separate
from declarations.constants import AttachmentState, FileKind, Reason
from declarations.exceptions import WrongStateError
from declarations.files import storage
from declarations.models import Attachment, DeclarationFile, FileChunk
from declarations.outgoing import jobs
from declarations.outgoing.beside import Watcher, second_connection
from declarations.outgoing.constants import ATTEMPTS, JobState, Phase, Refusal
from declarations.outgoing.models import ExportJob, Progress
from declarations.tasks import attaching, exports
from tests.actors import Actor
from tests.declarations import fictional
from tests.declarations.apart.separating import (
    LATE,
    agree_apart,
    look,
    made,
    one_late,
    separates,
    the_separate,
)
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is needed: the tests do the work of a job themselves."""
    monkeypatch.setattr(exports.look_for_due_exports, "delay", lambda: None)


def asked(office: Office, actor: Actor) -> ExportJob:
    with scope.organisation(office.organisation_id, user_id=actor.user.pk):
        job = jobs.ask_separate(
            organisation=office.house.organisation, uzovi="9991", membership=actor.membership
        )
    assert job is not None
    return job


def done(office: Office, job: ExportJob) -> ExportJob:
    exports.make_export(office.organisation_id, str(job.public_id))
    return again(office, job)


def again(office: Office, job: ExportJob) -> ExportJob:
    with office.facts():
        return ExportJob.objects.get(pk=job.pk)


def test_a_worker_makes_it_in_the_name_of_who_asked(office: Office, declaration_officer: Actor) -> None:
    file = one_late(office)
    job = done(office, asked(office, declaration_officer))
    apart = the_separate(office)
    assert (job.state, job.made_id, job.attempts) == (JobState.DONE, apart.pk, 1)
    item = office.item(file)
    with office.facts():
        assert DeclarationFile.objects.get(pk=apart.pk).export.made_by == declaration_officer.user
        assert item.events.get(to_state=AttachmentState.EXPORTED).user == declaration_officer.user
        assert AccessLog.objects.filter(membership=declaration_officer.membership, action="exported").exists()


def test_two_officers_who_press_at_once_get_one_file(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    one_late(office)
    first = asked(office, declaration_officer)
    answer = officer.post(reverse("apart-make"), {"uzovi": "9991"})
    assert answer["Location"] == reverse("apart-job", args=[first.public_id])
    page = shown(officer, "apart-list")
    assert "wordt gemaakt" in page
    assert "Apart bestand maken" not in page
    assert answer["Location"] in page
    office.make_what_was_asked()
    assert len(separates(office)) == 1


def test_the_database_holds_one_open_job_per_addressee(office: Office, declaration_officer: Actor) -> None:
    """Whoever looked before the other's row was there finds that one all the same."""
    one_late(office)
    first = asked(office, declaration_officer)
    wish = {"organisation": office.house.organisation, "uzovi": "9991"}
    with office.facts():
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportJob.objects.create(**wish)
        ExportJob.objects.create(**wish | {"uzovi": "9992"})
    assert done(office, first).state == JobState.DONE
    with office.facts():
        ExportJob.objects.create(**wish)


def test_a_job_is_for_a_file_or_for_an_addressee(office: Office) -> None:
    file = office.attached()
    for wish in ({}, {"file": file, "uzovi": "9991"}):
        with office.facts(), pytest.raises(IntegrityError), transaction.atomic():
            ExportJob.objects.create(organisation=office.house.organisation, **wish)


def test_nothing_is_asked_where_nothing_waits(officer: Browser, office: Office) -> None:
    answer = officer.post(reverse("apart-make"), {"uzovi": "9991"}, follow=True)
    assert "er wacht geen profiel meer voor deze verzekeraar" in text(answer)
    with office.facts():
        assert not ExportJob.objects.exists()


def test_that_nothing_waits_any_more_is_told(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    """An objection came between; the last look takes it back, and that stands."""
    file = one_late(office)
    job = asked(office, declaration_officer)
    with office.facts():
        client = office.item(file).client
        assert client is not None
        record_objection(client=client, day=timezone.localdate(), user=None)
    job = done(office, job)
    assert (job.state, job.refusal, job.made_id) == (JobState.REFUSED, Refusal.NOTHING_WAITS, None)
    assert office.state(file) == LATE
    page = shown(officer, "apart-job", job.public_id)
    assert "er wacht geen profiel meer voor deze verzekeraar" in page
    assert "Bekijk wat er wacht" in page
    assert "niet vrijgegeven" not in shown(officer, "file-list")


def test_what_a_command_made_meanwhile_is_not_made_again(office: Office, declaration_officer: Actor) -> None:
    one_late(office)
    job = asked(office, declaration_officer)
    assert made(office) is not None
    assert done(office, job).refusal == Refusal.NOTHING_WAITS
    assert len(separates(office)) == 1


def test_progress_is_told_in_every_phase(office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1), insured(2))
    office.export(file)
    office.client(1)
    look(office)
    told: list[tuple[str, int]] = []

    class Noting(Watcher):
        def begin(self, phase: Phase, total: int) -> None:
            told.append((phase, total))

        def add(self, count: int) -> None:
            told.append(("", count))

    with office.facts():
        separate.make_separate(organisation=office.house.organisation, uzovi="9991", watcher=Noting())
    assert told == [
        (Phase.LOOKING, 2), ("", 2), (Phase.COMPARING, 0), (Phase.WRITING, 1), ("", 1),
        (Phase.PROVING, 4), ("", 4), (Phase.FINISHING, 0),
    ]  # fmt: skip


def test_one_that_goes_with_its_declaration_tells_too(office: Office, declaration_officer: Actor) -> None:
    agree_apart(office)
    office.client(0)
    file = office.attached()
    with office.facts():
        job = jobs.ask(file=office.fresh(file), membership=declaration_officer.membership)
    assert job is not None
    assert done(office, job).state == JobState.DONE
    assert len(separates(office)) == 1


def test_the_page_follows_it_and_says_when_it_is_over(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    one_late(office)
    job = asked(office, declaration_officer)
    part = reverse("apart-job-progress", args=[job.public_id])
    page = shown(officer, "apart-job", job.public_id)
    assert part in page
    assert "<noscript>" in page
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(state=JobState.WORKING)
        now = timezone.now()
        Progress.objects.create(
            key=job.public_id, organisation_id=office.organisation_id, phase=Phase.LOOKING,
            done=500, total=1200, phase_began_at=now - timedelta(seconds=5), told_at=now,
        )  # fmt: skip
    answer = officer.get(part)
    assert "X-Draagvlak-Done" not in answer
    for words in ("Nakijken wie mee mag", "500 van 1.200 verzekerden", "100 per seconde", "nog ongeveer"):
        assert words in text(answer)
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(state=JobState.DONE)
    assert officer.get(part)["X-Draagvlak-Done"] == "1"


def test_another_organisation_s_job_is_not_there(
    office: Office, declaration_officer: Actor, declaration_officer_elsewhere: Actor, nurse: Actor
) -> None:
    one_late(office)
    job = asked(office, declaration_officer)
    for name in ("apart-job", "apart-job-progress"):
        page = reverse(name, args=[job.public_id])
        assert declaration_officer_elsewhere.browser.get(page).status_code == 404
        assert nurse.browser.get(page).status_code == 403
        assert declaration_officer.browser.get(reverse(name, args=[uuid4()])).status_code == 404
    assert nurse.browser.post(reverse("apart-make"), {"uzovi": "9991"}).status_code == 403


def test_a_declaration_s_job_has_no_page_here(office: Office, declaration_officer: Actor) -> None:
    file = office.attached()
    with office.facts():
        job = jobs.ask(file=file, membership=declaration_officer.membership)
    assert job is not None
    page = reverse("apart-job", args=[job.public_id])
    assert declaration_officer.browser.get(page).status_code == 404


def test_a_worker_that_dies_leaves_nothing_and_the_next_round_begins_anew(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Death is an exception that nobody catches, just after the file was written."""
    file = one_late(office)
    job = asked(office, declaration_officer)
    real = storage.store

    def killed(*arguments: Any) -> Any:
        real(*arguments)
        raise SystemExit

    monkeypatch.setattr(storage, "store", killed)
    with pytest.raises(SystemExit):
        exports.make_export(office.organisation_id, str(job.public_id))
    assert again(office, job).state == JobState.WORKING
    assert separates(office) == []
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    monkeypatch.setattr(storage, "store", real)
    monkeypatch.setattr(exports.make_export, "apply_async", lambda of, **_options: exports.make_export(*of))
    exports.look_for_due_exports()
    job = again(office, job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert the_separate(office).pk == job.made_id


def test_a_fault_is_put_off_and_then_it_is_made(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_late(office)
    job = asked(office, declaration_officer)
    with monkeypatch.context() as broken:
        broken.setattr(separate, "_finish", failing)
        job = done(office, job)
    assert (job.state, job.attempts, job.fault) == (JobState.WORKING, 1, "DataError")
    assert job.due_at > timezone.now()
    assert done(office, job).attempts == 1
    due_now(office, job)
    job = done(office, job)
    assert (job.state, job.made_id) == (JobState.DONE, the_separate(office).pk)


def test_after_five_faults_it_is_given_up_and_told(
    officer: Browser, office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_late(office)
    job = asked(office, declaration_officer)
    monkeypatch.setattr(separate, "_finish", failing)
    for _attempt in range(ATTEMPTS):
        job = done(office, job)
        due_now(office, job)
    assert (job.state, job.attempts) == (JobState.FAILED, ATTEMPTS)
    page = shown(officer, "apart-job", job.public_id)
    assert "is vijf keer niet gelukt" in page
    assert "Opnieuw laten maken" in page
    assert "Het maken van het aparte bestand voor" in shown(officer, "file-list")
    page = shown(officer, "apart-list")
    assert "mislukt" in page
    assert reverse("apart-job", args=[job.public_id]) in page


def failing(*_arguments: object) -> None:
    """Stand for a defect of ours, after everything was written."""
    raise DataError


def due_now(office: Office, job: ExportJob) -> None:
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(due_at=timezone.now())


@pytest.mark.parametrize("way", ["checker", "amount", "writer", "number"])
def test_what_our_own_checker_refuses_is_not_released_and_says_so(
    office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    file = one_late(office)
    with monkeypatch.context() as spoiled:
        spoil(spoiled, way)
        address = officer.post(reverse("apart-make"), {"uzovi": "9991"})["Location"]
        office.make_what_was_asked()
    page = text(officer.get(address))
    assert 'role="alert"' in page
    assert "niet vrijgegeven" in page
    assert SAID[way] in page
    assert separates(office) == []
    assert office.state(file) == (AttachmentState.ATTACHED, Reason.NONE)
    with office.facts():
        assert not FileChunk.objects.filter(file__kind=FileKind.SEPARATE).exists()
    for name in ("file-list", "apart-list"):
        told = shown(officer, name)
        assert "niet vrijgegeven" in told
        assert address in told
    officer.post(reverse("apart-make"), {"uzovi": "9991"})
    office.make_what_was_asked()
    assert len(separates(office)) == 1
    assert "niet vrijgegeven" not in shown(officer, "file-list")


def test_trouble_is_over_once_a_command_made_it(
    office: Office, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when somebody comes too late again, and waits for the next one."""
    file = office.attached(insured(0), insured(1))
    office.export(file)
    office.client(0)
    look(office)
    with monkeypatch.context() as spoiled:
        spoil(spoiled, "number")
        officer.post(reverse("apart-make"), {"uzovi": "9991"})
        office.make_what_was_asked()
    assert "niet vrijgegeven" in shown(officer, "file-list")
    assert made(office) is not None
    office.client(1)
    look(office)
    assert "Er wachten profielen" in shown(officer, "file-list")
    assert "niet vrijgegeven" not in shown(officer, "file-list")
    assert "Apart bestand maken" in shown(officer, "apart-list")


@contextmanager
def held_elsewhere(office: Office, item: Attachment) -> Iterator[None]:
    """Hold a row in another transaction, as who makes a separate file does."""
    with second_connection() as other, other.transaction():
        whose = str(office.organisation_id)
        other.execute("SELECT set_config('app.organisation', %s, true)", [whose])
        other.execute("SELECT 1 FROM declarations_attachment WHERE id = %s FOR UPDATE", [item.pk])
        yield


@pytest.fixture
def nobody_waits_long(transactional_db: None) -> Iterator[None]:
    """Let whoever would wait for a row fail instead, otherwise than who does not want to wait."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '5s'")
        yield
        cursor.execute("reset statement_timeout")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_waits_long")
def test_the_round_passes_over_who_goes_in_a_file_and_looks_later(
    office: Office, office_elsewhere: Office
) -> None:
    """Of one organisation a separate file is made; the others are looked at as ever."""
    here, there = office.attached(), office_elsewhere.attached()
    for one, file in ((office, here), (office_elsewhere, there)):
        one.export(file)
        one.client(0)
    item = office.item(here)
    with held_elsewhere(office, item):
        attaching.look_for_due_work()
        assert office.state(here) == LATE
        assert office_elsewhere.state(there)[0] == AttachmentState.ATTACHED
    attaching.look_for_due_work()
    assert office.state(here)[0] == AttachmentState.ATTACHED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_waits_long")
def test_an_officer_is_told_instead_of_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "PATIENCE", "50ms")
    client = office.client(0, day=None)
    office.profile(client, date(2024, 1, 1), "TIJDELIJK")
    file = office.attached(insured(0, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")))
    office.export(file)
    item = office.item(file)
    with (
        held_elsewhere(office, item),
        office.facts(),
        pytest.raises(WrongStateError, match="wordt nu gemaakt"),
    ):
        services.attach_rest(item=item)
    with office.facts():
        services.attach_rest(item=item)
    assert office.state(file)[0] == AttachmentState.ATTACHED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_waits_long")
def test_nobody_waits_to_write_an_agreement_down(office: Office) -> None:
    """An agreement holds the organisation's row; making a file holds a name of its own."""
    one_late(office)
    with second_connection() as other, other.transaction():
        whose = str(office.organisation_id)
        other.execute("SELECT set_config('app.organisation', %s, true)", [whose])
        other.execute("SELECT 1 FROM care_organisation WHERE id = %s FOR NO KEY UPDATE", [whose])
        assert made(office) is not None


SAID = {
    "checker": "0414",
    "amount": "meer dan profielregels",
    "writer": "passen niet in een apart bestand",
    "number": "Niet elke profielregel",
}


def spoil(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Let the writer of separate files do something wrong."""
    real, verified = aw319.write_separate, aw319.verify_separate

    def wrong(*arguments: Any) -> Iterator[bytes]:
        if way == "writer":
            raise aw319.InsertionRefusedError("Field 0116 of a separate file does not fit")
        draft = fictional.Draft(b"".join(real(*arguments)))
        if way == "checker":
            draft.put(3, "0414", "20240230")
        if way == "amount":
            draft.put(3, "0426", "00000100")
        yield draft.bytes()

    def miscounted(*arguments: Any, **words: Any) -> aw319.SeparateVerification:
        return replace(verified(*arguments, **words), records=7)

    monkeypatch.setattr(aw319, "write_separate", wrong)
    if way == "number":
        monkeypatch.setattr(aw319, "verify_separate", miscounted)
