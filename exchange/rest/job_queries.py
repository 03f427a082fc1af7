"""The making of a file as it goes out."""

from declarations.delivery.job_messages import told_of
from declarations.progress import throughput
from declarations.progress.throughput import Pace
from declarations.queries.selectors import export_of
from declarations.schema.delivery_constants import JobPhase, JobState
from declarations.schema.delivery_models import ExportJob, Progress
from declarations.schema.models import DeclarationFile
from exchange.rest.queries import export_out
from exchange.rest.schemas import FoundOut
from exchange.rest.schemas_outgoing import ExportJobOut

NOTHING_YET = Pace(0, 0)


def job_out(file: DeclarationFile, job: ExportJob | None) -> ExportJobOut:
    """Return how far the making of a file is; one that was made has an export, whoever made it."""
    export = export_of(file)
    if job is None or (export is not None and not _is_made_anew(job)):
        return _made(file, job)
    row = Progress.objects.filter(key=job.public_id).first() if job.state == JobState.WORKING else None
    found = (throughput.of_key(job.public_id) if row else None) or NOTHING_YET
    return ExportJobOut(
        state=JobState(job.state),
        phase=JobPhase(row.phase) if row else "",
        done=found.done,
        total=found.total,
        per_second=found.per_second,
        seconds_left=found.seconds_left,
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        message=told_of(job),
        problems=[FoundOut(**each) for each in job.findings],
        export=None,
    )


def _is_made_anew(job: ExportJob) -> bool:
    """Tell whether a file is being made anew, or that came to nothing."""
    return job.again and job.state != JobState.DONE


def _made(file: DeclarationFile, job: ExportJob | None) -> ExportJobOut:
    export = export_of(file)
    count = export.record_count if export else 0
    return ExportJobOut(
        state=JobState.DONE,
        phase="",
        done=count,
        total=count,
        per_second=0,
        seconds_left=None,
        asked_at=job.asked_at if job else None,
        ended_at=export.made_at if export else None,
        message="",
        problems=[],
        export=export_out(export),
    )
