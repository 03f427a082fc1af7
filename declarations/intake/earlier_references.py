"""Reference numbers (0431) of earlier files: the same one again within five years is a warning.

Of every file that came in the references are kept as eight bytes each, in the order of its performances,
among its stored content: 3 MB for 400,000. Held against 24 million of five years, one of 400,000 looks like
another once in two million files.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from declarations import aw319
from declarations.aw319 import Finding
from declarations.aw319.layout import FIELDS
from declarations.schema.constants import ChunkKind, FileKind, FileState
from declarations.schema.models import DeclarationFile, FileChunk
from declarations.storage import chunks

YEARS = 5
WIDTH = 8
_REFERENCE = FIELDS["0431"]


def keep_and_compare(
    file: DeclarationFile, lines: Callable[[], Iterator[bytes]], *, most: int
) -> tuple[list[Finding], int]:
    """Keep the references of a file that comes in, and compare them with those of earlier files.

    `lines` reads the file from its beginning. Return a warning for each of the first `most` that stood in an
    earlier file, and how many there are. Test files and what was withdrawn claim nothing.
    """
    own = _kept(file, lines())
    earlier = list(_earlier(file))
    if not earlier:
        return [], 0
    left = frozenset(own)
    used: dict[int, DeclarationFile] = {}
    for other in earlier:
        used |= dict.fromkeys(left.intersection(_of(other)) - used.keys(), other)
    found = [index for index, mark in enumerate(own) if mark in used]
    return list(_findings(lines(), [(index, used[own[index]]) for index in found[:most]])), len(found)


def _kept(file: DeclarationFile, lines: Iterable[bytes]) -> "array[int]":
    marks = _marks(lines)
    chunks.store(file, ChunkKind.REFERENCES, [marks.tobytes()])
    return marks


def _marks(lines: Iterable[bytes]) -> "array[int]":
    return array("Q", (_mark(_REFERENCE.of(line)) for line in lines if line[:2] == b"04"))


def _mark(reference: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(reference, digest_size=WIDTH).digest())


def _of(file: DeclarationFile) -> "array[int]":
    """Return the references of an earlier file; of one that came in before they were kept, they are now."""
    marks = array("Q")
    if FileChunk.objects.filter(file=file, kind=ChunkKind.REFERENCES).exists():
        for piece in chunks.read(file, ChunkKind.REFERENCES):
            marks.frombytes(piece)
        return marks
    return _kept(file, aw319.read(chunks.read(file, ChunkKind.ORIGINAL)))


def _earlier(file: DeclarationFile) -> Iterator[DeclarationFile]:
    files = DeclarationFile.objects.filter(
        organisation=file.organisation_id,
        kind=FileKind.RECEIVED,
        is_test=False,
        invoice_date__gt=_years_before(file.invoice_date),
    )
    return (
        files.exclude(state=FileState.WITHDRAWN).exclude(pk=file.pk).order_by("id").iterator(chunk_size=200)
    )


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
