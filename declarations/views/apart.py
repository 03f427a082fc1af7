"""The officer's pages for separate files: what waits for one, making it, and one that was made."""

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from care.middleware import CareRequest
from care.permissions import Right, requires
from care.selectors import organisation_of
from declarations import selectors
from declarations.apart import separate
from declarations.constants import FileKind
from declarations.exceptions import UnsoundExportError
from declarations.outgoing import downloads
from declarations.outgoing.words import stored_findings

FILES_PER_PAGE = 25
UNSOUND = 422

log = logging.getLogger(__name__)


@require_GET
@requires(Right.DECLARE)
def apart_list(request: CareRequest) -> HttpResponse:
    """Show what waits for a separate file, by insurer, and the separate files that were made."""
    return render(request, "declarations/apart_list.html", _listed(request))


def _listed(request: CareRequest) -> dict[str, Any]:
    files = selectors.files_of(request.membership).filter(kind=FileKind.SEPARATE)
    page = Paginator(files.select_related("insurer", "export"), FILES_PER_PAGE)
    return {
        "heaps": separate.heaps(organisation_of(request.membership)),
        "page": page.get_page(request.GET.get("page")),
    }


@require_POST
@requires(Right.DECLARE)
def apart_make(request: CareRequest) -> HttpResponse:
    """Make a separate file of all that waits for one insurer; say so when what was made is not sound."""
    organisation = organisation_of(request.membership)
    try:
        made = separate.make_separate(
            organisation=organisation,
            uzovi=request.POST.get("uzovi", ""),
            asker=separate.Asker(request.user, request.membership),
        )
    except UnsoundExportError as broken:
        log.error("separate_unsound organisation=%s what=%s", organisation.pk, broken)  # noqa: TRY400
        context = _listed(request) | {"is_unsound": True, "findings": stored_findings(broken)}
        return render(request, "declarations/apart_list.html", context, status=UNSOUND)
    if made is None:
        messages.warning(request, _("Er is niets gemaakt: er wacht geen profiel meer voor deze verzekeraar."))
        return redirect("apart-list")
    messages.success(request, _("Het aparte bestand staat klaar."))
    return redirect("apart-page", made.public_id)


@require_GET
@requires(Right.DECLARE)
def apart_page(request: CareRequest, file: UUID) -> HttpResponse:
    """Show a separate file that was made: what is in it, of which files, and who fetched it."""
    row = selectors.file_for(request.membership, file)
    export = selectors.export_of(row)
    if row.kind != FileKind.SEPARATE or export is None:
        raise Http404(_("Dit is geen apart bestand."))
    context = {
        "file": row,
        "export": export,
        "sources": separate.sources_of(row),
        "downloads": downloads.of_file(row)[:FILES_PER_PAGE],
    }
    return render(request, "declarations/apart_page.html", context)
