"""Doing the work of a job that makes a file, as a worker does that was told of it."""

from django.utils import timezone

from declarations.outgoing.models import ExportJob
from declarations.tasks import exports
from tests.declarations.office import Office


def done(office: Office, job: ExportJob) -> ExportJob:
    """Let a worker try; return the job as it stands afterwards."""
    exports.make_export(office.organisation_id, str(job.public_id))
    return again(office, job)


def again(office: Office, job: ExportJob) -> ExportJob:
    """Return the job as it stands now."""
    with office.facts():
        return ExportJob.objects.get(pk=job.pk)


def due_now(office: Office, job: ExportJob) -> None:
    """Let the pause after a fault be over."""
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(due_at=timezone.now())
