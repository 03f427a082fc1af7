"""The names under which files go out."""

import hashlib
import re

from declarations.schema.constants import FileKind
from declarations.schema.models import DeclarationFile

MARK_LENGTH = 6


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
