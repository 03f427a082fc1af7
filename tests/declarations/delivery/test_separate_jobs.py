"""Making a separate file as a job: asked once, in the name of who asked, seen while it goes on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from care.consent.statements import record_objection
from care.schema.models import AccessLog
from declarations.delivery import job_requests, separate_delivery
from declarations.delivery.job_requests import _is_written, ask
from declarations.progress.progress_channel import ProgressReporter
from declarations.schema.constants import AttachmentState
from declarations.schema.delivery_constants import JobPhase, JobState, MakingRefusal
from declarations.schema.delivery_models import ExportJob, Progress
from declarations.schema.models import DeclarationFile
from tests.actors import Actor
from tests.declarations.delivery.separating import (
    LATE,
    agree_apart,
    ask_apart,
    look,
    made,
    one_late,
    separates,
    the_separate,
)
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.declarations.pages import shown, text
from tests.declarations.working import done

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_told")]


def test_a_worker_makes_it_in_the_name_of_who_asked(office: Office, declaration_officer: Actor) -> None:
    file = one_late(office)
    job = done(office, ask_apart(office, declaration_officer))
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
    first = ask_apart(office, declaration_officer)
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
    first = ask_apart(office, declaration_officer)
    wish = {"organisation": office.house.organisation, "uzovi": "9991"}
    with office.facts():
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportJob.objects.create(**wish)
        ExportJob.objects.create(**wish | {"uzovi": "9992"})
    assert done(office, first).state == JobState.DONE
    with office.facts():
        ExportJob.objects.create(**wish)


def test_a_wish_before_which_another_has_just_ended_is_a_new_one(
    office: Office, declaration_officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's row was in the way of this one, and is no longer open when it is looked for; twice."""
    one_late(office)
    written, refused = _is_written, iter([True, True])
    monkeypatch.setattr(job_requests, "_is_written", lambda wish: not next(refused, False) and written(wish))
    job = ask_apart(office, declaration_officer)
    assert done(office, job).state == JobState.DONE


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
    job = ask_apart(office, declaration_officer)
    with office.facts():
        client = office.item(file).client
        assert client is not None
        record_objection(client=client, day=timezone.localdate(), user=None)
    job = done(office, job)
    assert (job.state, job.refusal, job.made_id) == (JobState.REFUSED, MakingRefusal.NOTHING_WAITS, None)
    assert office.state(file) == LATE
    page = shown(officer, "apart-job", job.public_id)
    assert "er wacht geen profiel meer voor deze verzekeraar" in page
    assert "Bekijk wat er wacht" in page
    assert "niet vrijgegeven" not in shown(officer, "file-list")


def test_what_a_command_made_meanwhile_is_not_made_again(office: Office, declaration_officer: Actor) -> None:
    one_late(office)
    job = ask_apart(office, declaration_officer)
    assert made(office) is not None
    assert done(office, job).refusal == MakingRefusal.NOTHING_WAITS
    assert len(separates(office)) == 1


def test_progress_is_told_in_every_phase(office: Office) -> None:
    office.client(0)
    file = office.attached(insured(0), insured(1), insured(2))
    office.export(file)
    office.client(1)
    look(office)
    told: list[tuple[str, int]] = []

    class Noting(ProgressReporter):
        def begin(self, phase: JobPhase, total: int) -> None:
            told.append((phase, total))

        def add(self, count: int) -> None:
            told.append(("", count))

    with office.facts():
        separate_delivery.make_separate(
            organisation=office.house.organisation, uzovi="9991", watcher=Noting()
        )
    assert told == [
        (JobPhase.LOOKING, 2), ("", 2), (JobPhase.COMPARING, 0), (JobPhase.WRITING, 1), ("", 1),
        (JobPhase.PROVING, 4), ("", 4), (JobPhase.FINISHING, 0),
    ]  # fmt: skip


def test_one_that_goes_with_its_declaration_tells_too(office: Office, declaration_officer: Actor) -> None:
    agree_apart(office)
    office.client(0)
    file = office.attached()
    with office.facts():
        job = ask(file=office.fresh(file), membership=declaration_officer.membership)
    assert job is not None
    assert done(office, job).state == JobState.DONE
    assert len(separates(office)) == 1


def test_the_page_follows_it_and_says_when_it_is_over(
    officer: Browser, office: Office, declaration_officer: Actor
) -> None:
    one_late(office)
    job = ask_apart(office, declaration_officer)
    part = reverse("apart-job-progress", args=[job.public_id])
    page = shown(officer, "apart-job", job.public_id)
    assert part in page
    assert "<noscript>" in page
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(state=JobState.WORKING)
        now = timezone.now()
        Progress.objects.create(
            key=job.public_id, organisation_id=office.organisation_id, phase=JobPhase.LOOKING,
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
    job = ask_apart(office, declaration_officer)
    for name in ("apart-job", "apart-job-progress"):
        page = reverse(name, args=[job.public_id])
        assert declaration_officer_elsewhere.browser.get(page).status_code == 404
        assert nurse.browser.get(page).status_code == 403
        assert declaration_officer.browser.get(reverse(name, args=[uuid4()])).status_code == 404
    assert nurse.browser.post(reverse("apart-make"), {"uzovi": "9991"}).status_code == 403


def test_a_declaration_s_job_has_no_page_here(office: Office, declaration_officer: Actor) -> None:
    file = office.attached()
    with office.facts():
        job = ask(file=file, membership=declaration_officer.membership)
    assert job is not None
    page = reverse("apart-job", args=[job.public_id])
    assert declaration_officer.browser.get(page).status_code == 404
