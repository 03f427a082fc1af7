"""Making a file as a job: a row first, then a worker; whoever watches sees how far it is.

A job has one transaction, in `exporting` or `separate`: a worker that dies leaves nothing behind, and the
next round begins anew. Two workers never make one file: a lock of the database goes to one, and goes with it.
What can pass is tried again, later each time; what cannot ends the job at once.
"""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from psycopg.errors import UniqueViolation

from care.schema.crypto import UnreadableValueError
from care.schema.models import Membership, Organisation
from care.tenancy import scope
from declarations.delivery import exporting, handover, remaking, separate_delivery
from declarations.delivery.job_messages import stored_findings
from declarations.matching import services
from declarations.matching.queue import FAULTS
from declarations.progress import announcing
from declarations.progress.progress_channel import ProgressReporter, telling, try_advisory_lock
from declarations.progress.work_slots import SHORT_RECORDS, place
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
    WrongStateError,
)
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken

TROUBLED = (JobState.UNSOUND, JobState.FAILED)
# What can be otherwise a moment later: the database or the disk was away, or somebody wrote the same at once.
PASSING = (OperationalError, InterfaceError, IntegrityError, OSError)
REFUSALS = {
    NumbersUsedUpError: MakingRefusal.NUMBERS_USED_UP,
    FileTooLongError: MakingRefusal.TOO_MANY_RECORDS,
}

MAKE_EXPORT: Final = "declarations.delivery.tasks.make_export"

log = logging.getLogger(__name__)


@transaction.atomic
def ask(
    *,
    file: DeclarationFile,
    membership: Membership | None = None,
    token: ApiToken | None = None,
    again: bool = False,
) -> ExportJob | None:
    """Let the file with profiles be made; return the job, also when somebody asked before.

    `again`: anew, without who may no longer go. None when the file was made already, and may go as it is.
    Raises StillQueuedError and WrongStateError.
    """
    if file.state == FileState.EXPORTED:
        return _ask_again(file, membership, token) if again else None
    # Before anything is locked: who works on the job holds the file until it is made.
    if standing := _standing(file).first():
        return standing
    try:
        services.refuse_closed(file.pk)
    except WrongStateError:  # unless that is because of a wish that came, or ended well, since one looked
        file.refresh_from_db(fields=["state"])
        standing = _standing(file).first()
        if standing is None and file.state != FileState.EXPORTED:
            raise
        return standing
    waiting = selectors.balance(file).queued
    if waiting:
        raise StillQueuedError(waiting)
    wish = ExportJob(organisation_id=file.organisation_id, file=file, membership=membership, token=token)
    return _new_or_standing(wish, _standing(file))


def _ask_again(
    file: DeclarationFile, membership: Membership | None, token: ApiToken | None
) -> ExportJob | None:
    if standing := _standing(file).first():
        return standing
    remaking.refuse_unless_waiting(file)
    handover.examine(file)
    if file.handover != Handover.BLOCKED:
        return None
    wish = ExportJob(
        organisation_id=file.organisation_id, file=file, membership=membership, token=token, again=True
    )
    return _new_or_standing(wish, _standing(file))


@transaction.atomic
def ask_separate(*, organisation: Organisation, uzovi: str, membership: Membership) -> ExportJob | None:
    """Let a separate file be made of all that waits for an addressee (0108).

    Return the job, also when somebody asked before; None when nothing waits.
    """
    open_ones = separate_jobs(organisation.pk).filter(uzovi=uzovi, state__in=OPEN_JOBS)
    if standing := open_ones.first():
        return standing
    if not separate_delivery.waiting(organisation=organisation, uzovi=uzovi).exists():
        return None
    wish = ExportJob(organisation=organisation, uzovi=uzovi, membership=membership)
    return _new_or_standing(wish, open_ones)


def _new_or_standing(wish: ExportJob, open_ones: QuerySet[ExportJob]) -> ExportJob:
    """Write a wish down, unless another came first; where that one has just ended, this is a new one."""
    wish.user_id = wish.membership.user_id if wish.membership else None
    while not _is_written(wish):
        if standing := open_ones.first():
            return standing
    announce(wish)
    return wish


def _is_written(wish: ExportJob) -> bool:
    """Write a wish down, unless an open one is in its way."""
    try:
        with transaction.atomic():
            wish.save()
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    return True


def _standing(file: DeclarationFile) -> QuerySet[ExportJob]:
    return ExportJob.objects.filter(file=file, state__in=OPEN_JOBS)


def separate_jobs(organisation_id: int) -> QuerySet[ExportJob]:
    """Return the wishes of an organisation for separate files."""
    return ExportJob.objects.filter(organisation=organisation_id, file__isnull=True)


def announce(job: ExportJob) -> None:
    """Let a worker make the file of a job."""
    public_id = str(job.public_id)
    announcing.announce(
        MAKE_EXPORT, job.organisation_id, public_id, otherwise=f"export_not_announced job={public_id}"
    )


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
    with try_advisory_lock(f"export job {public_id}") as is_mine, place(is_short=is_short) as has_room:
        if not is_mine or not has_room:
            log.info("export_job_skipped job=%s reason=%s", public_id, "busy" if is_mine else "taken")
            return False
        job = _begin(organisation_id, public_id)
        if job is None:
            return False
        _make(job)
        return True


def _is_short(organisation_id: int, public_id: UUID) -> bool:
    with scope.organisation(organisation_id):
        job = ExportJob.objects.select_related("file", "organisation").filter(public_id=public_id).first()
        if job is None:
            return True
        uzovi = job.file.uzovi if job.file else job.uzovi
        waiting = separate_delivery.waiting(organisation=job.organisation, uzovi=uzovi).count()
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
        job.due_at = timezone.now() + timedelta(seconds=FIRST_PAUSE.total_seconds() * 2 ** (job.attempts - 1))
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
