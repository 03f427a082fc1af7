"""Content of files in encrypted chunks of less than a megabyte: read and written in flat memory."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from care.schema import crypto
from care.tenancy import scope
from declarations.aw319.layout import LINE_LENGTH
from declarations.progress.progress_channel import ProgressReporter
from declarations.schema.constants import ChunkKind
from declarations.schema.exceptions import BrokenFileError
from declarations.schema.models import DeclarationFile, FileChunk

PURPOSE = "declarations.filechunk.content"
# A whole number of records, so that a record is found without reading what is before it; encrypted < 1 MB.
LINES_PER_CHUNK = 3_200
CHUNK_BYTES = LINES_PER_CHUNK * LINE_LENGTH
CHUNKS_AT_ONCE = 4


# A content: the file's key, its kind, and its version.
_Which = tuple[int, ChunkKind, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: number of bytes, and SHA-256 as hexadecimal text."""

    size: int
    sha256: str


def store(file: DeclarationFile, kind: ChunkKind, content: Iterable[bytes]) -> Stored:
    """Store the content of a file, handed in as pieces of any size; once written it never changes.

    What is made of a file is stored as its version at hand.
    """
    digest, size = hashlib.sha256(), 0
    waiting: list[FileChunk] = []
    for number, piece in enumerate(_pieces(content)):
        digest.update(piece)
        size += len(piece)
        waiting.append(_chunk(file, kind, number, piece))
        if len(waiting) == CHUNKS_AT_ONCE:
            FileChunk.objects.bulk_create(waiting)
            waiting = []
    FileChunk.objects.bulk_create(waiting)
    return Stored(size, digest.hexdigest())


def _chunk(file: DeclarationFile, kind: ChunkKind, number: int, piece: bytes) -> FileChunk:
    sealed = crypto.encrypt(piece, purpose=PURPOSE)
    return FileChunk(
        organisation_id=file.organisation_id,
        file=file,
        kind=kind,
        version=_version_of(file, kind),
        number=number,
        content=sealed,
    )


def _version_of(file: DeclarationFile, kind: ChunkKind) -> int:
    return file.version if kind == ChunkKind.EXPORT else 1


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Cut content into pieces of CHUNK_BYTES; the last one is what is left."""
    held = bytearray()
    for part in content:
        held += part
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def read(file: DeclarationFile, kind: ChunkKind) -> Iterator[bytes]:
    """Yield the content of a file inside the scope at hand, a chunk at a time.

    Raises BrokenFileError when there is none.
    """
    which, number = (file.pk, kind, _version_of(file, kind)), 0
    while (piece := _piece(which, number)) is not None:
        yield piece
        number += 1
    if not number:
        raise BrokenFileError(f"{file} has no content of kind {kind}")


def watched(pieces: Iterable[bytes], watcher: ProgressReporter) -> Iterator[bytes]:
    """Pass content on, telling how many records of it went by."""
    for piece in pieces:
        yield piece
        watcher.add(len(piece) // LINE_LENGTH)


def stream(file: DeclarationFile, kind: ChunkKind) -> Iterator[bytes]:
    """Yield the content of a file after the scope at hand has closed: each chunk in a scope like it."""
    whose, which = scope.current(), (file.pk, kind, _version_of(file, kind))

    def pieces() -> Iterator[bytes]:
        number = 0
        while (piece := _piece_in(whose, which, number)) is not None:
            yield piece
            number += 1

    return pieces()


def record_at(file: DeclarationFile, line: int, kind: ChunkKind = ChunkKind.ORIGINAL) -> bytes:
    """Return one record of a content, by its line (from 1), without reading the others.

    Raises BrokenFileError when there is no such line.
    """
    number, place = divmod(line - 1, LINES_PER_CHUNK)
    piece = _piece((file.pk, kind, _version_of(file, kind)), number) or b""
    record = piece[place * LINE_LENGTH : (place + 1) * LINE_LENGTH]
    if not record:
        raise BrokenFileError(f"{file} has no line {line}")
    return record


def _piece_in(whose: scope.Scope, which: _Which, number: int) -> bytes | None:
    with scope.activate(whose):
        return _piece(which, number)


def _piece(which: _Which, number: int) -> bytes | None:
    file_id, kind, version = which
    chunks = FileChunk.objects.filter(file=file_id, kind=kind, version=version, number=number)
    sealed = chunks.values_list("content", flat=True).first()
    return None if sealed is None else crypto.decrypt(bytes(sealed), purpose=PURPOSE)
