"""Naming the insurer that files are addressed to, where it joined the register after they were read in."""

from care.schema.domain_events import InsurerAdded
from care.tenancy import scope
from care.tenancy.each_organisation import organisation_ids
from declarations.schema.models import DeclarationFile


def name_addressee(event: InsurerAdded) -> None:
    """Name a new insurer in the files of every organisation that have its number (0108) and nobody's name."""
    for organisation_id in organisation_ids():
        with scope.organisation(organisation_id):
            nameless = DeclarationFile.objects.filter(uzovi=event.uzovi, insurer=None)
            nameless.update(insurer_id=event.insurer_id)
