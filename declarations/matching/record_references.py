"""References (0431) of our own records: the same for the same, never one that was given out before."""

from collections.abc import Sequence

from declarations.aw319 import profile_reference
from declarations.schema.constants import AttachmentKind
from declarations.schema.models import DeclarationFile, ProfileRecord

# Who of a file, and which record of that person, counted from 1.
Numbered = tuple[str, int]


def in_file(kind: str, number: int) -> str:
    """Return who of a file this is, for its references: corrections are numbered apart from persons."""
    return f"C{number}" if kind == AttachmentKind.CORRECTION else str(number)


def references_of(file: DeclarationFile, numbered: Sequence[Numbered]) -> list[str]:
    """Return the reference of each new record of a file whose organisation is at hand. One query.

    A declaration that was taken back and read in again has the references that it had. Only where the first
    turns out to have been delivered in part, apart, is one of them used up: that record gets another.
    """
    wanted = [_reference(file, file.reference_key, one) for one in numbered]
    taken = set(
        ProfileRecord.objects.filter(organisation=file.organisation_id, reference__in=wanted).values_list(
            "reference", flat=True
        )
    )
    own_key = f"{file.reference_key} {file.public_id}"
    return [
        _reference(file, own_key, one) if reference in taken else reference
        for one, reference in zip(numbered, wanted, strict=True)
    ]


def _reference(file: DeclarationFile, key: str, one: Numbered) -> str:
    person, number = one
    return profile_reference(agb=file.organisation.agb, file=key, person=person, number=number)
