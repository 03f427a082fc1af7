"""Making a file as a job: a row first, then a worker; whoever watches sees how far it is.

A job has one transaction, in `exporting` or `separate`: a worker that dies leaves nothing behind, and the
next round begins anew. Two workers never make one file: a lock of the database goes to one, and goes with it.
What can pass is tried again, later each time; what cannot ends the job at once.
"""

import logging
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from care.backoff import pause_after
from care.schema.crypto import UnreadableValueError
from care.tenancy import scope
from declarations.delivery import exporting, remaking, separate_delivery, separate_queue
from declarations.delivery.job_messages import stored_findings
from declarations.delivery.job_requests import separate_jobs
from declarations.matching import services
from declarations.matching.queue import FAULTS
from declarations.progress.progress_channel import ProgressReporter, telling
from declarations.progress.work_slots import SHORT_RECORDS, turn_and_place
from declarations.queries import selectors
from declarations.schema.constants import FileState, Handover
from declarations.schema.delivery_constants import ATTEMPTS, FIRST_PAUSE, OPEN_JOBS, JobState, MakingRefusal
from declarations.schema.delivery_models import ExportJob
from declarations.schema.exceptions import (
    BrokenFileError,
    DeclarationError,
    FactsChangedError,
    FileTooLongError,
    NumbersUsedUpError,
    StillQueuedError,
)
from declarations.schema.models import DeclarationFile

TROUBLED = (JobState.UNSOUND, JobState.FAILED)
# What can be otherwise a moment later: the database or the disk was away, or somebody wrote the same at once.
PASSING = (OperationalError, InterfaceError, IntegrityError, OSError)
REFUSALS = {
    NumbersUsedUpError: MakingRefusal.NUMBERS_USED_UP,
    FileTooLongError: MakingRefusal.TOO_MANY_RECORDS,
}

log = logging.getLogger(__name__)


def latest(file: DeclarationFile) -> ExportJob | None:
    """Return the last job of a file."""
    return ExportJob.objects.filter(file=file).order_by("-id").first()


def due(organisation_id: int) -> list[UUID]:
    """Return the jobs of an organisation that somebody should be working on."""
    with scope.organisation(organisation_id):
        jobs = ExportJob.objects.filter(state__in=OPEN_JOBS, due_at__lte=timezone.now())
        return list(jobs.order_by("id").values_list("public_id", flat=True))


def work(*, organisation_id: int, public_id: UUID) -> bool:
    """Make the file of a job, unless somebody is at it or there is no room; return whether it was tried."""
    is_short = _is_short(organisation_id, public_id)
    with turn_and_place(f"export job {public_id}", is_short=is_short) as hindrance:
        if hindrance:
            log.info("export_job_skipped job=%s reason=%s", public_id, hindrance)
            return False
        job = _begin(organisation_id, public_id)
        if job is not None:
            _make(job)
        return job is not None


def _is_short(organisation_id: int, public_id: UUID) -> bool:
    with scope.organisation(organisation_id):
        job = ExportJob.objects.select_related("file", "organisation").filter(public_id=public_id).first()
        if job is None:
            return True
        uzovi = job.file.uzovi if job.file else job.uzovi
        waiting = separate_queue.waiting(organisation=job.organisation, uzovi=uzovi).count()
        return waiting + (job.file.record_count if job.file else 0) <= SHORT_RECORDS


def _begin(organisation_id: int, public_id: UUID) -> ExportJob | None:
    """Note one attempt more, before anything can go wrong; after the last one the job is given up."""
    with scope.organisation(organisation_id):
        jobs = ExportJob.objects.select_for_update(of=("self",))
        jobs = jobs.select_related("organisation", "file", "user", "membership", "token")
        job = jobs.filter(public_id=public_id).first()
        if job is None or job.state not in OPEN_JOBS or job.due_at > timezone.now():
            log.info("export_job_skipped job=%s reason=%s", public_id, job.state if job else "unknown")
            return None
        if job.attempts >= ATTEMPTS:
            _end(job, JobState.FAILED)
            return None
        job.attempts += 1
        job.state = JobState.WORKING
        job.save(update_fields=["attempts", "state"])
    return job


def _make(job: ExportJob) -> None:
    whose = job.organisation_id
    try:
        with (
            telling(key=job.public_id, organisation_id=whose) as watcher,
            scope.organisation(whose, user_id=job.user_id),
        ):
            _carry_out(job, watcher)
    except FactsChangedError as changed:
        if job.file is None or job.again:
            _put_off(job, type(changed).__name__)
        else:
            _refuse(job, changed)
    except DeclarationError as refusal:
        _refuse(job, refusal)
    except BrokenFileError as broken:
        _hold_back(job, broken)
    except UnreadableValueError as fault:
        _give_up(job, MakingRefusal.UNREADABLE, type(fault).__name__)
    except PASSING as fault:
        _put_off(job, type(fault).__name__)
    except FAULTS as fault:
        _give_up(job, MakingRefusal.DEFECT, type(fault).__name__)


def _carry_out(job: ExportJob, watcher: ProgressReporter) -> None:
    asker = separate_delivery.Asker(job.user, job.membership, job.token.program if job.token else None)
    if job.file is not None and job.again:
        remaking.make_anew(file=job.file, asker=asker, watcher=watcher)
        _end(job, JobState.DONE)
        return
    if job.file is not None:
        exporting.export_file(
            file=job.file,
            user=asker.user,
            membership=asker.membership,
            program=asker.program,
            watcher=watcher,
        )
        _end(job, JobState.DONE)
        return
    job.made = separate_delivery.make_separate(
        organisation=job.organisation, uzovi=job.uzovi, asker=asker, watcher=watcher
    )
    if job.made is None:
        job.refusal = MakingRefusal.NOTHING_WAITS
    _end(job, JobState.DONE if job.made else JobState.REFUSED)


def _end(job: ExportJob, state: JobState) -> None:
    job.state, job.ended_at = state, timezone.now()
    job.save(update_fields=["state", "ended_at", "refusal", "refused_count", "findings", "fault", "made"])
    log.info("export_job_ended job=%s state=%s attempts=%d", job.public_id, state, job.attempts)


def _refuse(job: ExportJob, refusal: DeclarationError) -> None:
    with scope.organisation(job.organisation_id, user_id=job.user_id):
        if isinstance(refusal, FactsChangedError) and job.file is not None:
            services.attach_anew(file=job.file, ids=refusal.ids)
            job.refusal, job.refused_count = MakingRefusal.FACTS_CHANGED, len(refusal.ids)
        elif isinstance(refusal, StillQueuedError):
            job.refusal, job.refused_count = MakingRefusal.STILL_QUEUED, refusal.waiting
        else:
            job.refusal = REFUSALS.get(type(refusal), MakingRefusal.WRONG_STATE)
        _end(job, JobState.REFUSED)


def _hold_back(job: ExportJob, broken: BrokenFileError) -> None:
    """Our own checker has something against the file, or what is stored cannot be read: nobody gets it."""
    of_file = job.file.public_id if job.file else "separate"
    log.error("export_unsound job=%s file=%s what=%s", job.public_id, of_file, broken)
    job.findings = stored_findings(broken)
    with scope.organisation(job.organisation_id):
        _end(job, JobState.UNSOUND)


def _give_up(job: ExportJob, why: MakingRefusal, fault: str) -> None:
    """End a job of which no attempt more would come to anything; its place is free for others."""
    log.error("export_job_given_up job=%s why=%s fault=%s", job.public_id, why, fault)
    job.refusal, job.fault, job.made = why, fault, None
    with scope.organisation(job.organisation_id):
        _end(job, JobState.FAILED)


def _put_off(job: ExportJob, fault: str) -> None:
    """Try again later, longer each time; after the last attempt the job is given up."""
    log.warning("export_job_failed job=%s attempt=%d fault=%s", job.public_id, job.attempts, fault)
    job.fault, job.made = fault, None
    with scope.organisation(job.organisation_id):
        if job.attempts >= ATTEMPTS:
            _end(job, JobState.FAILED)
            return
        job.due_at = timezone.now() + pause_after(job.attempts, first=FIRST_PAUSE)
        job.save(update_fields=["due_at", "fault"])


def troubled(organisation_id: int) -> list[ExportJob]:
    """Return the last jobs of files that could not be released, for the start page. Needs a scope."""
    unmade = Q(file__state=FileState.IMPORTED) | Q(file__handover=Handover.BLOCKED, again=True)
    jobs = ExportJob.objects.filter(unmade, organisation=organisation_id)
    last = jobs.order_by("file_id", "-id").distinct("file_id").select_related("file")
    return [job for job in last if job.state in TROUBLED]


def separate_going_on(organisation_id: int) -> dict[str, ExportJob]:
    """Return the last wish for a separate file per addressee, where it is open or came to trouble.

    Not where one was made since, as by the command. Needs a scope.
    """
    made = selectors.separates_made(
        organisation_id=organisation_id, uzovi=OuterRef("uzovi"), since=OuterRef("asked_at")
    )
    jobs = separate_jobs(organisation_id).annotate(was_made=Exists(made))
    last = jobs.order_by("uzovi", "-id").distinct("uzovi")
    return {
        job.uzovi: job
        for job in last
        if job.state in OPEN_JOBS or (job.state in TROUBLED and not job.was_made)
    }
