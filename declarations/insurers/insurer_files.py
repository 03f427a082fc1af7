"""What is addressed to an insurer: released files of which field 0108 names it, and nothing else of them.

Row policies say the same under these queries: no other file, chunk or export is there for an insurer.
"""

import hashlib
import re
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from care.models import Insurer, Membership
from declarations.schema.constants import FileKind, Handover
from declarations.schema.models import DeclarationFile

MARK_LENGTH = 6


def files_for(insurer: Insurer) -> QuerySet[DeclarationFile]:
    """Return the files that an insurer can fetch, the latest made first. A test file is never delivered."""
    return (
        DeclarationFile.objects.filter(insurer=insurer, handover=Handover.RELEASED, is_test=False)
        .select_related("organisation", "export")
        .order_by("-export__made_at", "-id")
    )


def file_for(membership: Membership, public_id: UUID) -> DeclarationFile:
    """Return one file for the insurer that a membership acts for. Raises Http404."""
    found = None
    if membership.insurer is not None:
        found = files_for(membership.insurer).filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("Dit bestand is er niet, of het is niet aan jouw verzekeraar gericht."))
    return found


def file_name(file: DeclarationFile) -> str:
    """Return the name under which a file goes out: lower case, because the clearing house takes only .txt.

    Two invoices never share a name, not even on a disk that does not tell capitals apart.
    """
    invoice = _in_a_name(file.invoice_number)
    what = "profielen" if file.kind == FileKind.SEPARATE else "met-profielen"
    return f"{file.organisation.agb}-{invoice}-{what}.txt"


def _in_a_name(invoice_number: str) -> str:
    """Return an invoice number in small letters; what is lost is marked: R04 is r04, r04 is r04-1f9f11."""
    plain = re.sub(r"[^0-9a-z]+", "-", invoice_number.lower()).strip("-")
    if plain.upper() == invoice_number:
        return plain
    mark = hashlib.sha256(invoice_number.encode()).hexdigest()[:MARK_LENGTH]
    return f"{plain}-{mark}".strip("-")


def download_name(file: DeclarationFile) -> str:
    """Return the name under which a file is handed out: a test file is to be seen as one anywhere."""
    return f"proef-{file_name(file)}" if file.is_test else file_name(file)
