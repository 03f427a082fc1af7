"""What is going on with a file, as the officer reads it: a worker attaching profiles, or making the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from care.durations import duration
from care.schema.models import Insurer, Organisation
from declarations.delivery import jobs
from declarations.delivery.job_messages import told_of
from declarations.delivery.separate_queue import Heap, heaps
from declarations.progress import throughput
from declarations.progress.throughput import Pace
from declarations.queries import selectors
from declarations.schema.constants import FileState, Handover
from declarations.schema.delivery_constants import OPEN_JOBS, JobState
from declarations.schema.delivery_models import ExportJob
from declarations.schema.models import DeclarationFile


@dataclass(frozen=True, slots=True)
class JobLine:
    """A wish to make a file. `findings` are those of our own checker: line, field, name, message."""

    state: JobState
    is_open: bool
    pace: Pace | None
    told: str
    findings: list[dict[str, Any]]
    ended_at: datetime | None


def presented_job(file: DeclarationFile) -> JobLine | None:
    """Return the last job of a file; None before the first, and when the file was made."""
    job = jobs.latest(file)
    is_over = file.state != FileState.IMPORTED and not (
        job and job.again and file.handover == Handover.BLOCKED
    )
    if job is None or is_over:
        return None
    return job_line(job)


def job_line(job: ExportJob) -> JobLine:
    """Return a wish to make a file as it stands now."""
    is_open = job.state in OPEN_JOBS
    return JobLine(
        state=JobState(job.state),
        is_open=is_open,
        pace=throughput.of_key(job.public_id) if job.state == JobState.WORKING else None,
        told=told_of(job),
        findings=job.findings,
        ended_at=job.ended_at,
    )


@dataclass(frozen=True, slots=True)
class ApartRow:
    """What waits for a separate file to one addressee, and the last wish for it if open or in trouble."""

    heap: Heap
    job: JobLine | None
    job_url: str

    @property
    def name(self) -> str:
        """The addressee."""
        return addressee(self.heap.uzovi, self.heap.insurer)


def addressee(uzovi: str, insurer: Insurer | None) -> str:
    """Return what an addressee (0108) is called."""
    return insurer.name if insurer else f"UZOVI {uzovi}"


def apart_rows(organisation: Organisation) -> list[ApartRow]:
    """Return what waits for separate files, by addressee, and whether one is being made."""
    going_on = jobs.separate_going_on(organisation.pk)
    return [_apart_row(heap, going_on.get(heap.uzovi)) for heap in heaps(organisation)]


def _apart_row(heap: Heap, job: ExportJob | None) -> ApartRow:
    if job is None:
        return ApartRow(heap, None, "")
    return ApartRow(heap, job_line(job), reverse("apart-job", args=[job.public_id]))


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that could not be released, in a sentence, and the page that says more of it."""

    sentence: str
    url: str


def troubles(organisation: Organisation, rows: Iterable[ApartRow]) -> list[Trouble]:
    """Return what could not be released, for the start page: files with profiles, and separate ones."""
    of_files = [
        Trouble(_of_file(job, job.file), reverse("file-page", args=[job.file.public_id]))
        for job in jobs.troubled(organisation.pk)
        if job.file is not None
    ]
    of_separates = [
        Trouble(_of_separate(row.name, row.job), row.job_url)
        for row in rows
        if row.job is not None and not row.job.is_open
    ]
    return of_files + of_separates


def _of_file(job: ExportJob, file: DeclarationFile) -> str:
    if job.state == JobState.UNSOUND:
        said = _("Het bestand van factuur %(number)s is niet vrijgegeven: onze eigen controle vond fouten.")
    else:
        said = _("Het maken van het bestand van factuur %(number)s is niet gelukt.")
    return said % {"number": file.invoice_number}


def _of_separate(name: str, job: JobLine) -> str:
    if job.state == JobState.UNSOUND:
        said = _("Het aparte bestand voor %(name)s is niet vrijgegeven: onze eigen controle vond fouten.")
    else:
        said = _("Het maken van het aparte bestand voor %(name)s is niet gelukt.")
    return said % {"name": name}


def attaching_pace(file: DeclarationFile, balance: selectors.QueueBalance) -> Pace | None:
    """Return how fast a worker attaches profiles; None when nobody waits for one."""
    if file.state != FileState.IMPORTED or not balance.queued:
        return None
    return throughput.of_attaching(file, queued=balance.queued)


def pace_in_words(found: Pace) -> str:
    """Return how far something is, how fast it goes and how long it still takes, as far as that is known."""
    if not found.total:
        return ""
    said = [_("%(done)s van %(total)s") % {"done": intcomma(found.done), "total": intcomma(found.total)}]
    if found.per_second:
        said.append(_("%(rate)s per seconde") % {"rate": intcomma(found.per_second)})
    if found.seconds_left:
        said.append(_("nog ongeveer %(left)s") % {"left": duration(found.seconds_left)})
    return ", ".join(said)
