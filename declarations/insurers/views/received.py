"""What an insurer sees: exported files addressed to it, and figures released to it. Nothing else."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.schema.models import Insurer
from declarations.insurers import disclosures, figures, figures_csv, insurer_files
from declarations.schema.constants import ChunkKind
from declarations.storage import chunks
from declarations.storage.file_names import file_name

PER_PAGE = 25


def insurer_of(request: CareRequest) -> Insurer:
    """Return the insurer that the active membership is of. Raises Http404 for an organisation's."""
    insurer = request.membership.insurer
    if insurer is None:
        raise Http404
    return insurer


@requires(Permission.RECEIVE)
@require_GET
def file_list(request: CareRequest) -> HttpResponse:
    """Show the files that can be fetched, newest first."""
    files = insurer_files.files_for(insurer_of(request))
    page = Paginator(files, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "declarations/insurers/insurer_files.html", {"page": page})


@requires(Permission.RECEIVE)
@require_GET
def file_download(request: CareRequest, file: UUID) -> StreamingHttpResponse:
    """Send a file as it was exported, and write down that it was fetched."""
    row = insurer_files.file_for(request.membership, file)
    disclosures.record_file(membership=request.membership, file=row)
    content = chunks.stream(row, ChunkKind.EXPORT)
    response = StreamingHttpResponse(content, content_type="text/plain; charset=iso-8859-1")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(row)}"'
    response.headers["Content-Length"] = str(row.export.size)
    return response


@requires(Permission.RECEIVE)
@require_GET
def figures_list(request: CareRequest) -> HttpResponse:
    """Show which organisations released figures, and over which days."""
    releases = figures.releases_for(insurer_of(request))
    page = Paginator(releases, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "declarations/insurers/insurer_figures.html", {"page": page})


@requires(Permission.RECEIVE)
@require_GET
def figures_detail(request: CareRequest, release: UUID) -> HttpResponse:
    """Show one release: the grid, and the same in a table."""
    row = figures.release_for(request.membership, release)
    context = {"release": row, "counts": figures.counts_of(row), "models": figures.models_of(row)}
    return render(request, "declarations/insurers/insurer_release.html", context)


@requires(Permission.RECEIVE)
@require_GET
def figures_download(request: CareRequest, release: UUID) -> HttpResponse:
    """Send a release as CSV, and write down that it was fetched."""
    row = figures.release_for(request.membership, release)
    disclosures.record_figures(membership=request.membership, release=row)
    response = HttpResponse(figures_csv.as_csv(row), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{figures_csv.file_name(row)}"'
    return response
