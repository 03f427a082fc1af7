"""The persons of a file as an officer looks for them: by state, reason, or what identifies one of them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from care.schema import crypto
from care.schema.identifiers import is_bsn
from declarations.aw319.references import LENGTH, PROFILE_PREFIX
from declarations.schema.constants import AttachmentKind, AttachmentState, Reason
from declarations.schema.models import Attachment, DeclarationFile

MOST_FOUND: Final = 50
_REFERENCE: Final = re.compile(rf"{PROFILE_PREFIX}[A-Z2-7]{{{LENGTH - len(PROFILE_PREFIX)}}}")
_DAY: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_LARGEST_NUMBER: Final = 9_999_999


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which persons of a file are meant; empty: any state, any reason. `told_deceased`: only by 0223."""

    state: str = ""
    reason: str = ""
    kind: str = AttachmentKind.REGULAR
    told_deceased: bool = False


def persons_of(file: DeclarationFile, wanted: PersonFilter) -> QuerySet[Attachment]:
    """Return the persons of a file (or its corrections) that a filter names, by number."""
    rows = Attachment.objects.filter(file=file, kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.reason:
        rows = rows.filter(reason=wanted.reason)
    if wanted.told_deceased:
        rows = rows.filter(told_deceased=True)
    return rows.select_related("client").order_by("number")


def found_in(file: DeclarationFile, text: str) -> list[Attachment]:
    """Return the persons of a file with exactly this BSN, date of birth, number in the file, or reference.

    Names are not looked for: only those of clients are known, and all would have to be deciphered.
    """
    meant = _meaning(file, text)
    if meant is None:
        return []
    rows = Attachment.objects.filter(meant, file=file).select_related("client")
    return list(rows.order_by("kind", "number").distinct()[:MOST_FOUND])


def _meaning(file: DeclarationFile, text: str) -> Q | None:
    compact = re.sub(r"[\s.]", "", text).upper()
    if is_bsn(compact):
        return Q(bsn_hash=crypto.bsn_hash(compact, organisation_id=file.organisation_id))
    if _REFERENCE.fullmatch(compact):
        return Q(records__reference=compact)
    if born := _DAY.fullmatch(compact):
        day, month, year = map(int, born.groups())
        return _born(year, month, day)
    if compact.isascii() and compact.isdigit() and int(compact) <= _LARGEST_NUMBER:
        return Q(number=int(compact), kind=AttachmentKind.REGULAR)
    return None


def _born(year: int, month: int, day: int) -> Q | None:
    try:
        return Q(date_of_birth=date(year, month, day))
    except ValueError:
        return None


def states_in(file: DeclarationFile) -> tuple[list[AttachmentState], list[Reason]]:
    """Return which states and reasons persons of a file are in, for who filters."""
    pairs = Attachment.objects.filter(file=file).order_by().values_list("state", "reason").distinct()
    found = list(pairs)
    states, reasons = {state for state, _ in found}, {reason for _, reason in found if reason}
    return (
        [state for state in AttachmentState if state in states],
        [reason for reason in Reason if reason in reasons],
    )
