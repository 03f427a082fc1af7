"""The officer's pages for one record: under a byte ruler as it came in, as it was made, or as it will be."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from declarations.delivery.views.deliveries import address_of
from declarations.handover.blocking import refuse_blocked
from declarations.history.audit_trail import way_of
from declarations.insurers import disclosures
from declarations.queries import selectors
from declarations.schema.constants import ChunkKind, DownloadKind
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile
from declarations.storage.file_names import file_name
from declarations.storage.lines import (
    RecordLine,
    file_of,
    line_of,
    made_line,
    numbers_csv,
    place_of,
    refuse_without_numbers,
)
from declarations.storage.record_view import ruler_of

PAGES = {ChunkKind.ORIGINAL: "file-line", ChunkKind.EXPORT: "export-line"}


@require_GET
@requires(Permission.DECLARE)
def file_line(request: CareRequest, file: UUID, line: int) -> HttpResponse:
    """Show one record of the file as it came in."""
    row = selectors.file_for(request.membership, file)
    return _shown(request, row, line_of(row, ChunkKind.ORIGINAL, line))


@require_GET
@requires(Permission.DECLARE)
def export_line(request: CareRequest, file: UUID, line: int) -> HttpResponse:
    """Show one record of the file with profiles."""
    row = selectors.file_for(request.membership, file)
    return _shown(request, row, line_of(row, ChunkKind.EXPORT, line))


@require_GET
@requires(Permission.DECLARE)
def item_record(request: CareRequest, item: UUID, number: int) -> HttpResponse:
    """Show a profile record of a person: as it will be, or where it stands once the file has been made."""
    person = selectors.item_for(request.membership, item)
    found = selectors.records_of(person).filter(number=number).first()
    if found is None:
        raise Http404(_("Deze profielregel bestaat niet."))
    found.attachment = person
    line, made = made_line(found), file_of(found)
    if place_of(found) is not None and selectors.export_of(made) is not None:
        return redirect("export-line", made.public_id, line.number)
    return _shown(request, person.file, line, is_made=False)


def _shown(
    request: CareRequest, file: DeclarationFile, line: RecordLine, *, is_made: bool = True
) -> HttpResponse:
    if line.item is not None and line.item.client is not None:
        access.record(
            membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=[line.item.client]
        )
    name, last = PAGES[line.kind], line.last if is_made else 0
    context = {
        "file": file,
        "line": line,
        "is_made": is_made,
        "is_export": line.kind == ChunkKind.EXPORT,
        "ruler": ruler_of(line.record, line=line.number, today=timezone.localdate()),
        "way": way_of(line.inserted) if line.inserted is not None else None,
        "previous": _address(name, file, line.number - 1, last),
        "following": _address(name, file, line.number + 1, last),
    }
    return render(request, "declarations/history/line.html", context)


def _address(name: str, file: DeclarationFile, number: int, last: int) -> str:
    return reverse(name, args=[file.public_id, number]) if 1 <= number <= last else ""


@require_GET
@requires(Permission.DECLARE)
def file_numbers(request: CareRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send which detail number of the file became which (no persons in it), and write that down."""
    row = selectors.file_for(request.membership, file)
    if selectors.export_of(row) is None:
        messages.error(request, _("Het bestand met profielen is nog niet gemaakt."))
        return redirect("file-page", row.public_id)
    try:
        refuse_blocked(row)
        refuse_without_numbers(row)
    except WrongStateError as refusal:
        messages.error(request, refusal.sentence)
        return redirect(address_of(row))
    disclosures.record_file(membership=request.membership, file=row, kind=DownloadKind.NUMBERS)
    response = StreamingHttpResponse(numbers_csv(row), content_type="text/csv; charset=utf-8")
    name = f"{file_name(row).removesuffix('.txt')}-nummers.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
