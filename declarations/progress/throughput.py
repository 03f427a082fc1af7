"""How fast work goes and how long it still takes, as it was measured; nothing is said that is not known."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone

from declarations.schema.constants import AttachmentKind, AttachmentState
from declarations.schema.delivery_constants import OF_PERSONS, JobPhase
from declarations.schema.delivery_models import Progress
from declarations.schema.models import Attachment, DeclarationFile

# Over less than this a speed says nothing; without news for so long nothing is going on.
SHORTEST = timedelta(seconds=1)
SILENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pace:
    """Work of `total` records (or persons) of which `done` are done.

    `per_second` is measured (0: nothing measured, or nothing moves), `seconds_left` follows from it (None:
    not known). `is_silent`: nobody told of progress for a while. `is_of_persons`: persons, not records.
    """

    done: int
    total: int
    per_second: int = 0
    seconds_left: int | None = None
    phase: str = ""
    is_silent: bool = False
    is_of_persons: bool = False


def measured(done: int, total: int, took: timedelta, *, phase: str = "", is_silent: bool = False) -> Pace:
    """Return the pace of work of which `done` took so long."""
    if took < SHORTEST or not done or is_silent:
        return Pace(done, total, phase=phase, is_silent=is_silent)
    rate = done / took.total_seconds()
    left = math.ceil(max(total - done, 0) / rate)
    return Pace(done, total, max(round(rate), 1), left, phase)


def of_key(key: UUID, *, now: datetime | None = None) -> Pace | None:
    """Return how far the work with a key is; None when nothing was told of it in this organisation."""
    row = Progress.objects.filter(key=key).first()
    if row is None:
        return None
    is_silent = (now or timezone.now()) - row.told_at > SILENCE
    label = str(JobPhase(row.phase).label)
    found = measured(
        min(row.done, row.total),
        row.total,
        row.told_at - row.phase_began_at,
        phase=label,
        is_silent=is_silent,
    )
    return replace(found, is_of_persons=row.phase in OF_PERSONS)


def of_attaching(file: DeclarationFile, *, queued: int, now: datetime | None = None) -> Pace:
    """Return how fast the persons of a file are decided on, by what was decided in the last seconds."""
    now = now or timezone.now()
    decided = ~Q(state=AttachmentState.QUEUED)
    # Who has only just been queued is no silence.
    last = Attachment.objects.filter(
        file=file, kind=AttachmentKind.REGULAR, changed_at__gt=now - SILENCE
    ).aggregate(
        changed=Count("id"), count=Count("id", filter=decided), since=Min("changed_at", filter=decided)
    )
    done, took = file.person_count - queued, now - last["since"] if last["since"] else timedelta()
    if took < SHORTEST or not last["count"]:
        return Pace(done, file.person_count, is_silent=not last["changed"])
    rate = last["count"] / took.total_seconds()
    return Pace(done, file.person_count, max(round(rate), 1), math.ceil(queued / rate))


def forget_old(*, before: datetime) -> int:
    """Remove what was told long ago, of the organisation in scope; return how many."""
    return Progress.objects.filter(told_at__lt=before).delete()[0]
