"""Doing the work of a job that makes a file, as a worker does that was told of it, or being in its way."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.utils import timezone

from care.tenancy.locks import second_connection
from declarations.delivery import tasks
from declarations.schema.delivery_models import ExportJob
from tests.declarations.office import Office


def done(office: Office, job: ExportJob) -> ExportJob:
    """Let a worker try; return the job as it stands afterwards."""
    tasks.make_export(office.organisation_id, str(job.public_id))
    return again(office, job)


def again(office: Office, job: ExportJob) -> ExportJob:
    """Return the job as it stands now."""
    with office.facts():
        return ExportJob.objects.get(pk=job.pk)


def due_now(office: Office, job: ExportJob) -> None:
    """Let the pause after a fault be over."""
    with office.facts():
        ExportJob.objects.filter(pk=job.pk).update(due_at=timezone.now())


@contextmanager
def held_elsewhere(office: Office, row: Model) -> Iterator[None]:
    """Hold a row in another transaction, as who makes a file does."""
    with second_connection() as other, other.transaction():
        other.execute("SELECT set_config('app.organisation', %s, true)", [str(office.organisation_id)])
        other.execute(f"SELECT 1 FROM {row._meta.db_table} WHERE id = %s FOR UPDATE", [row.pk])  # noqa: S608
        yield
