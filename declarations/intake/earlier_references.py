"""Reference numbers (0431) of earlier files: the same one again within five years is a warning.

Of every file that came in the references are kept as eight bytes each, in the order of its performances,
among its stored content: 3 MB for 400,000. Held against 24 million of five years, one of 400,000 looks like
another once in two million files.
"""

import hashlib
import logging
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from care.schema.crypto import UnreadableValueError
from care.tenancy import scope
from declarations import aw319
from declarations.aw319 import Finding
from declarations.aw319.layout import FIELDS
from declarations.schema.constants import ChunkKind, FileKind, FileState
from declarations.schema.exceptions import BrokenFileError
from declarations.schema.models import DeclarationFile, FileChunk
from declarations.storage import chunks

YEARS = 5
WIDTH = 8
_REFERENCE = FIELDS["0431"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """Warnings about references that stood in earlier files (the first of them), and how many there are.

    `unread`: earlier files of which no references are kept yet, so that nothing was compared with them.
    """

    findings: tuple[Finding, ...] = ()
    count: int = 0
    unread: int = 0


def keep_and_compare(file: DeclarationFile, lines: Callable[[], Iterator[bytes]], *, most: int) -> Compared:
    """Keep the references of a file that comes in, and compare them with those of earlier files.

    `lines` reads the file from its beginning. At most so many are found by line. Test files and what was
    withdrawn claim nothing.
    """
    own = _kept(file, lines())
    left = frozenset(own)
    used: dict[int, DeclarationFile] = {}
    for other in _earlier(file).filter(Exists(_references())).iterator(chunk_size=200):
        used |= dict.fromkeys(left.intersection(_of(other)) - used.keys(), other)
    found = [index for index, mark in enumerate(own) if mark in used]
    told = _findings(lines(), [(index, used[own[index]]) for index in found[:most]]) if found else ()
    return Compared(tuple(told), len(found), _earlier(file).exclude(Exists(_references())).count())


def catch_up(organisation_id: int, *, until: float | None = None) -> int:
    """Keep the references of files that came in before they were kept; return of how many.

    A scope and a transaction per file, so that no import waits for it; one that cannot be read is passed
    over and logged. `until`: the monotonic moment from which on no other file is begun.
    """
    with scope.organisation(organisation_id):
        files = _that_count(organisation_id, timezone.localdate()).exclude(Exists(_references()))
        # In no order: those that cannot be read, which stay, never keep the others waiting for ever.
        waiting = list(files.order_by("?").values_list("id", flat=True))
    count = 0
    for file_id in waiting:
        if until is not None and time.monotonic() >= until:
            break
        count += _catch_up(organisation_id, file_id)
    return count


def _catch_up(organisation_id: int, file_id: int) -> bool:
    with scope.organisation(organisation_id):
        file = DeclarationFile.objects.get(pk=file_id)
        try:
            with transaction.atomic():
                _kept(file, aw319.read(chunks.read(file, ChunkKind.ORIGINAL)))
        except (BrokenFileError, UnreadableValueError, IntegrityError) as fault:
            log.warning("references_not_kept file=%s fault=%s", file.public_id, type(fault).__name__)
            return False
    log.info("references_kept file=%s", file.public_id)
    return True


def _kept(file: DeclarationFile, lines: Iterable[bytes]) -> "array[int]":
    marks = _marks(lines)
    chunks.store(file, ChunkKind.REFERENCES, [marks.tobytes()])
    return marks


def _marks(lines: Iterable[bytes]) -> "array[int]":
    return array("Q", (_mark(_REFERENCE.of(line)) for line in lines if line[:2] == b"04"))


def _mark(reference: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(reference, digest_size=WIDTH).digest())


def _of(file: DeclarationFile) -> "array[int]":
    marks = array("Q")
    for piece in chunks.read(file, ChunkKind.REFERENCES):
        marks.frombytes(piece)
    return marks


def _references() -> QuerySet[FileChunk]:
    return FileChunk.objects.filter(file=OuterRef("pk"), kind=ChunkKind.REFERENCES)


def _earlier(file: DeclarationFile) -> QuerySet[DeclarationFile]:
    return _that_count(file.organisation_id, file.invoice_date).exclude(pk=file.pk)


def _that_count(organisation_id: int, day: date) -> QuerySet[DeclarationFile]:
    """Return the files of which no reference may come back on a day, oldest first."""
    files = DeclarationFile.objects.filter(
        organisation=organisation_id,
        kind=FileKind.RECEIVED,
        is_test=False,
        invoice_date__gt=_years_before(day),
    )
    return files.exclude(state=FileState.WITHDRAWN).order_by("id")


def _years_before(day: date) -> date:
    """Return the same day so many years ago; the last of February stands for the 29th."""
    try:
        return day.replace(year=day.year - YEARS)
    except ValueError:
        return day.replace(year=day.year - YEARS, day=28)


def _findings(lines: Iterable[bytes], used: list[tuple[int, DeclarationFile]]) -> Iterator[Finding]:
    """Yield a warning for these performances, each counted from 0, in order."""
    waiting = iter(used)
    due = next(waiting, None)
    at = -1
    for number, line in enumerate(lines, 1):
        at += line[:2] == b"04"
        if due is None:
            return
        if line[:2] == b"04" and at == due[0]:
            details = (due[1].invoice_number, f"{due[1].invoice_date:%d-%m-%Y}")
            yield Finding(number, "0431", "reference.used_before", details)
            due = next(waiting, None)
