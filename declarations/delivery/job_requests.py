"""Asking for a file to be made: a row, and a worker that is told."""

from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from psycopg.errors import UniqueViolation

from care.schema.models import Membership, Organisation
from declarations.delivery import remaking, separate_queue
from declarations.handover import services as handover
from declarations.matching import services
from declarations.progress import announcing
from declarations.queries import selectors
from declarations.schema.constants import FileState, Handover
from declarations.schema.delivery_constants import OPEN_JOBS
from declarations.schema.delivery_models import ExportJob
from declarations.schema.exceptions import (
    StillQueuedError,
    WrongStateError,
)
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken


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
    if not separate_queue.waiting(organisation=organisation, uzovi=uzovi).exists():
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


def announce(job: ExportJob) -> None:
    """Let a worker make the file of a job."""
    public_id = str(job.public_id)
    announcing.announce(
        MAKE_EXPORT, job.organisation_id, public_id, otherwise=f"export_not_announced job={public_id}"
    )


MAKE_EXPORT: Final = "declarations.delivery.tasks.make_export"


def separate_jobs(organisation_id: int) -> QuerySet[ExportJob]:
    """Return the wishes of an organisation for separate files."""
    return ExportJob.objects.filter(organisation=organisation_id, file__isnull=True)
