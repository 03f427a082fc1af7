"""The officer's pages for separate files: what waits for one, its making, and one that was made."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.schema.models import Insurer
from declarations.delivery import invoice_numbers
from declarations.delivery.job_requests import ask_separate
from declarations.delivery.progress_views import addressee, apart_rows, job_line
from declarations.delivery.separate_queue import sources_of
from declarations.delivery.views.handover import look
from declarations.insurers import disclosures
from declarations.queries import selectors
from declarations.schema.constants import FileKind
from declarations.schema.delivery_models import ExportJob

FILES_PER_PAGE = 25


@require_GET
@requires(Permission.DECLARE)
def apart_list(request: CareRequest) -> HttpResponse:
    """Show what waits for a separate file, by insurer, and the separate files that were made."""
    files = selectors.files_of(request.membership).filter(kind=FileKind.SEPARATE)
    page = Paginator(files.select_related("insurer", "export"), FILES_PER_PAGE)
    context = {
        "waiting": apart_rows(organisation_of(request.membership)),
        "clashes": invoice_numbers.own_clashes(organisation_of(request.membership)),
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "declarations/delivery/apart_list.html", context)


@require_POST
@requires(Permission.DECLARE)
def apart_make(request: CareRequest) -> HttpResponse:
    """Ask for a separate file of all that waits for one insurer, which a worker makes."""
    job = ask_separate(
        organisation=organisation_of(request.membership),
        uzovi=request.POST.get("uzovi", ""),
        membership=request.membership,
    )
    if job is None:
        messages.warning(request, _("Er is niets gemaakt: er wacht geen profiel meer voor deze verzekeraar."))
        return redirect("apart-list")
    return redirect("apart-job", job.public_id)


@require_GET
@requires(Permission.DECLARE)
def apart_job(request: CareRequest, job: UUID) -> HttpResponse:
    """Show how far the making of a separate file is, or why there is none; lead on to one that was made."""
    row = selectors.separate_job_for(request.membership, job)
    if row.made is not None:
        messages.success(
            request, _("Het aparte bestand is gemaakt. De verzekeraar ziet het pas als je het vrijgeeft.")
        )
        return redirect("apart-page", row.made.public_id)
    return render(request, "declarations/delivery/apart_job.html", _shown(row))


@require_GET
@requires(Permission.DECLARE)
def apart_job_progress(request: CareRequest, job: UUID) -> HttpResponse:
    """Return how far the making of a separate file is; the page asks for it until that is over."""
    context = _shown(selectors.separate_job_for(request.membership, job))
    response = render(request, "declarations/delivery/export_job.html", context)
    if not context["job"].is_open:
        response.headers["X-Draagvlak-Done"] = "1"
    return response


def _shown(row: ExportJob) -> dict[str, Any]:
    insurer = Insurer.objects.filter(uzovi=row.uzovi).first()
    job = job_line(row)
    since = None if job.is_open else selectors.made_apart_since(row)
    return {"row": row, "job": job, "name": addressee(row.uzovi, insurer), "since": since}


@require_GET
@requires(Permission.DECLARE)
def apart_page(request: CareRequest, file: UUID) -> HttpResponse:
    """Show a separate file that was made: what is in it, of which files, and who fetched it."""
    row = selectors.file_for(request.membership, file)
    export = selectors.export_of(row)
    if row.kind != FileKind.SEPARATE or export is None:
        raise Http404(_("Dit is geen apart bestand."))
    look(row)
    context = {
        "file": row,
        "clash": invoice_numbers.clash_of(row),
        "export": export,
        "sources": sources_of(row),
        "downloads": disclosures.of_file(row)[:FILES_PER_PAGE],
    }
    return render(request, "declarations/delivery/apart_page.html", context)
