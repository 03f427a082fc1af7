"""What is going on with a file, as the officer reads it: a worker attaching profiles, or making the file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from declarations import pace, selectors
from declarations.constants import FileState
from declarations.models import DeclarationFile
from declarations.outgoing import jobs
from declarations.outgoing.constants import OPEN_JOBS, JobState
from declarations.outgoing.words import told_of
from declarations.pace import Pace
from declarations.templatetags.ages import seconds_in_words


@dataclass(frozen=True, slots=True)
class JobLine:
    """The last wish to make a file. `findings` are those of our own checker: line, field, name, message."""

    state: JobState
    is_open: bool
    pace: Pace | None
    told: str
    findings: list[dict[str, Any]]
    ended_at: datetime | None


def presented_job(file: DeclarationFile) -> JobLine | None:
    """Return the last job of a file; None before the first, and when the file was made."""
    job = jobs.latest(file)
    if job is None or file.state != FileState.IMPORTED:
        return None
    is_open = job.state in OPEN_JOBS
    return JobLine(
        state=JobState(job.state),
        is_open=is_open,
        pace=pace.of_key(job.public_id) if job.state == JobState.WORKING else None,
        told=told_of(job),
        findings=job.findings,
        ended_at=job.ended_at,
    )


def attaching_pace(file: DeclarationFile, balance: selectors.Balance) -> Pace | None:
    """Return how fast a worker attaches profiles; None when nobody waits for one."""
    if file.state != FileState.IMPORTED or not balance.queued:
        return None
    return pace.of_attaching(file, queued=balance.queued)


def pace_in_words(found: Pace) -> str:
    """Return how far something is, how fast it goes and how long it still takes, as far as that is known."""
    if not found.total:
        return ""
    said = [_("%(done)s van %(total)s") % {"done": intcomma(found.done), "total": intcomma(found.total)}]
    if found.per_second:
        said.append(_("%(rate)s per seconde") % {"rate": intcomma(found.per_second)})
    if found.seconds_left:
        said.append(_("nog ongeveer %(left)s") % {"left": seconds_in_words(found.seconds_left)})
    return ", ".join(said)
