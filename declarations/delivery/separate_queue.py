"""What waits for a separate file, by addressee, and which files belong together."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, QuerySet

from care.schema.models import Insurer, Organisation
from declarations.matching import after_export, deduplication
from declarations.schema.constants import (
    AttachmentState,
    DeliveryMode,
    FileState,
)
from declarations.schema.models import DeclarationFile, ProfileRecord


def waiting(*, organisation: Organisation, uzovi: str, is_test: bool = False) -> QuerySet[ProfileRecord]:
    """Return the profile records that would go in a separate file to an addressee (0108) now.

    What is no longer looked at does not go either: an objection to it would not be seen. Nor does anybody of
    whom the same days stand in a file that was made and not handed over.
    """
    found = ProfileRecord.objects.filter(
        after_export.not_too_old("attachment__file__"),
        organisation=organisation,
        form=DeliveryMode.SEPARATE,
        delivered_in__isnull=True,
        attachment__state__in=(AttachmentState.ATTACHED, AttachmentState.EXPORTED),
        attachment__file__state=FileState.EXPORTED,
        attachment__file__uzovi=uzovi,
        attachment__file__is_test=is_test,
    )
    return found.exclude(attachment__in=deduplication.held_up(found).order_by().values("attachment"))


def beside(file: DeclarationFile) -> QuerySet[DeclarationFile]:
    """Return the separate files in which profiles of a file went, oldest first."""
    return DeclarationFile.objects.filter(delivered__attachment__file=file).distinct().order_by("id")


def sources_of(made: DeclarationFile) -> QuerySet[DeclarationFile]:
    """Return the declarations of which profiles are in a separate file, oldest first."""
    return DeclarationFile.objects.filter(attachments__records__delivered_in=made).distinct().order_by("id")


@dataclass(frozen=True, slots=True)
class Heap:
    """What waits for a separate file to one addressee (0108): persons, records, and over which days."""

    uzovi: str
    insurer: Insurer | None
    persons: int
    records: int
    first_day: date
    last_day: date


def heaps(organisation: Organisation) -> list[Heap]:
    """Return what waits for separate files, by addressee. What belongs to test files is not among it."""
    waits = after_export.waiting_apart(organisation.pk)
    rows = (
        waits.exclude(attachment__in=deduplication.held_up(waits).order_by().values("attachment"))
        .values_list("attachment__file__uzovi")
        .annotate(
            # Somebody can wait for several declarations.
            persons=Count("attachment__bsn_hash", distinct=True),
            records=Count("id"),
            first=Min("first_day"),
            last=Max("last_day"),
        )
        .order_by("attachment__file__uzovi")
    )
    insurers = {insurer.uzovi: insurer for insurer in Insurer.objects.all()}
    return [Heap(uzovi, insurers.get(uzovi), *rest) for uzovi, *rest in rows]
