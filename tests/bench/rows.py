"""Looking up what stands in the database of a bench's organisation. Needs Django set up."""

from typing import TYPE_CHECKING

from tests.bench.installation import AGB
from tests.bench.people import uzovi_of

if TYPE_CHECKING:
    from declarations.schema.delivery_models import ExportJob
    from declarations.schema.models import DeclarationFile


def organisation_id() -> int:
    """Return the key of the organisation."""
    from care.schema.models import Organisation

    return Organisation.objects.get(agb=AGB).pk


def files_called(number: str) -> "list[DeclarationFile]":
    """Return the files with an invoice number."""
    from care.tenancy import scope
    from declarations.schema.models import DeclarationFile

    with scope.organisation(organisation_id()):
        return list(DeclarationFile.objects.filter(invoice_number=number))


def file_called(number: str) -> "DeclarationFile":
    """Return the only file with an invoice number."""
    (file,) = files_called(number)
    return file


def beside(number: str) -> "list[DeclarationFile]":
    """Return the separate files in which something of a file went."""
    from care.tenancy import scope
    from declarations.delivery import separate_queue

    file = file_called(number)
    with scope.organisation(file.organisation_id):
        return list(separate_queue.beside(file))


def separate_job(number: str) -> "ExportJob | None":
    """Return the wish for a separate file to whom a file is addressed, where it is still open."""
    from care.tenancy import scope
    from declarations.delivery.job_requests import separate_jobs
    from declarations.schema.delivery_constants import OPEN_JOBS

    whose = organisation_id()
    with scope.organisation(whose):
        return separate_jobs(whose).filter(uzovi=uzovi_of(number), state__in=OPEN_JOBS).first()
