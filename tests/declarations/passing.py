"""Bytes that are handed in, all the way through the database: refused whole, or out again as they came in."""

from collections.abc import Iterator
from io import BytesIO

from care.schema.models import Organisation
from care.tenancy import scope
from declarations.delivery import exporting
from declarations.intake import services as intake_services
from declarations.matching import services
from declarations.schema.constants import ChunkKind
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import Attachment, AttachmentEvent, DeclarationFile, FileChunk, ProfileRecord
from declarations.storage import chunks
from tests.declarations.exactness import adds_up, differences


def broken_on_the_way(organisation: Organisation, content: bytes) -> Iterator[str]:
    """Yield what goes wrong when these bytes are read in, attached and made, each of them twice."""
    before = _stored(organisation)
    try:
        file = _import(organisation, content)
    except DeclarationError:
        if _stored(organisation) != before:
            yield "refused, and yet something was stored"
        return
    yield from _of_stored(organisation, file, content)
    first = _made(organisation, file)
    if _made(organisation, file) != first:
        yield "made twice, other bytes"
    yield from differences(content, first, _references(organisation, file))
    if not adds_up(first):
        yield "the amounts of the new file do not add up"


def _import(organisation: Organisation, content: bytes) -> DeclarationFile:
    with scope.organisation(organisation.pk):
        return intake_services.import_file(organisation=organisation, source=BytesIO(content))


def _stored(organisation: Organisation) -> list[int]:
    with scope.organisation(organisation.pk):
        models = (DeclarationFile, FileChunk, Attachment, AttachmentEvent, ProfileRecord)
        return [model.objects.count() for model in models]


def _of_stored(organisation: Organisation, file: DeclarationFile, content: bytes) -> Iterator[str]:
    with scope.organisation(organisation.pk):
        if b"".join(chunks.read(file, ChunkKind.ORIGINAL)) != content:
            yield "other bytes are stored"
        if Attachment.objects.filter(file=file).count() != file.person_count:
            yield "not each person is queued"
    if not adds_up(content):
        yield "accepted with amounts that do not add up"


def _made(organisation: Organisation, file: DeclarationFile) -> bytes:
    services.attach_profiles(organisation_id=organisation.pk, file_id=file.pk)
    with scope.organisation(organisation.pk):
        exporting.export_file(file=file)
        return b"".join(chunks.read(file, ChunkKind.EXPORT))


def _references(organisation: Organisation, file: DeclarationFile) -> set[bytes]:
    with scope.organisation(organisation.pk):
        found = ProfileRecord.objects.filter(attachment__file=file).values_list("reference", flat=True)
        return {reference.ljust(20).encode() for reference in found}
