"""What is addressed to an insurer: released files of which field 0108 names it, and nothing else of them.

Row policies say the same under these queries: no other file, chunk or export is there for an insurer.
"""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from care.schema.models import Insurer, Membership
from declarations.schema.constants import Handover
from declarations.schema.models import DeclarationFile


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
