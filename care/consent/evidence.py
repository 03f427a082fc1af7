"""Evidence for legal bases: taken in, checked by what it is and not by what it is called, and read back."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from care.schema import crypto
from care.schema.evidence import Evidence, EvidenceChunk
from care.schema.models import User
from care.schema.statements import LegalBasis

PURPOSE: Final = "care.evidencechunk.content"
CHUNK_BYTES: Final = 900_000
LARGEST: Final = 10 << 20
#: What a file of each kind begins with.
_BEGINNINGS: Final = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
LONGEST_NAME: Final = 120


@transaction.atomic
def add_evidence(
    *,
    basis: LegalBasis,
    file: BinaryIO | None = None,
    name: str = "",
    location: str = "",
    user: User | None,
) -> Evidence:
    """Keep a file with a basis, encrypted, or where it lies. Raises ValidationError on `file`."""
    location = location.strip()
    if file is None and not location:
        raise ValidationError({"file": _("Kies een bestand, of schrijf op waar het stuk ligt.")})
    content = b"" if file is None else file.read(LARGEST + 1)
    media_type = "" if file is None else _media_type(content)
    evidence = Evidence.objects.create(
        organisation_id=basis.organisation_id,
        basis=basis,
        name=name.strip()[:LONGEST_NAME],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        location=location,
        added_by=user,
    )
    _store(evidence, content)
    return evidence


def _media_type(content: bytes) -> str:
    if len(content) > LARGEST:
        most = {"most": LARGEST >> 20}
        raise ValidationError(
            {"file": _("Dit bestand is te groot. Kies er een van hoogstens %(most)d MB.") % most}
        )
    for media_type, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    raise ValidationError({"file": _("Kies een pdf, of een foto als png of jpg.")})


def _store(evidence: Evidence, content: bytes) -> None:
    EvidenceChunk.objects.bulk_create(
        EvidenceChunk(
            organisation_id=evidence.organisation_id,
            evidence=evidence,
            number=number,
            content=crypto.encrypt(content[at : at + CHUNK_BYTES], purpose=PURPOSE),
        )
        for number, at in enumerate(range(0, len(content), CHUNK_BYTES))
    )


def content_of(evidence: Evidence) -> bytes:
    """Return the file of a piece of evidence: at most 10 MB; nothing where it lies elsewhere."""
    return b"".join(_pieces(evidence))


def _pieces(evidence: Evidence) -> Iterator[bytes]:
    chunks = EvidenceChunk.objects.filter(evidence=evidence).order_by("number")
    for content in chunks.values_list("content", flat=True):
        yield crypto.decrypt(bytes(content), purpose=PURPOSE)


def file_name(evidence: Evidence) -> str:
    """Return a name to download under that says nothing: what a file is called can name people."""
    return f"bewijsstuk-{evidence.added_at:%Y%m%d}-{evidence.pk}.{_ENDINGS[evidence.media_type]}"
