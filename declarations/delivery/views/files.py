"""The officer's pages for declaration files: the list, reading in, the file itself, making and fetching."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.consent.selectors import ending_bases
from declarations.delivery import invoice_numbers, separate_delivery, withdrawing
from declarations.delivery.job_requests import ask
from declarations.delivery.manifest import as_json, manifest_name
from declarations.delivery.progress_views import (
    apart_rows,
    attaching_pace,
    pace_in_words,
    presented_job,
    troubles,
)
from declarations.delivery.separate_queue import beside
from declarations.delivery.views.deliveries import address_of
from declarations.delivery.views.handover import look
from declarations.handover.blocking import blocked_files
from declarations.handover.services import refuse_to_hand_out
from declarations.insurers import disclosures
from declarations.intake import services
from declarations.intake.uploads import WatchedSource, nameless_uploads
from declarations.intake.warnings import warnings_of
from declarations.matching import corrections, reconciliation
from declarations.matching.deceased import told_deceased
from declarations.matching.forms import FileSearchForm, UploadForm
from declarations.matching.presenters import control_total, file_groups
from declarations.progress import throughput
from declarations.progress.progress_channel import telling
from declarations.queries import selectors
from declarations.schema.constants import ChunkKind, DownloadKind, FileKind
from declarations.schema.exceptions import (
    AlreadyImportedError,
    DeclarationError,
    FileRefusedError,
    InvoiceNumberTakenError,
)
from declarations.schema.models import DeclarationFile
from declarations.storage import chunks
from declarations.storage.file_names import download_name

FILES_PER_PAGE = 25
SHOWN_PROBLEMS = 200
SHOWN_LINES = 10
REFUSED = 422


@require_GET
@requires(Permission.DECLARE)
def file_list(request: CareRequest) -> HttpResponse:
    """Show the files, newest first, with how their persons stand."""
    files = selectors.files_of(request.membership).filter(kind=FileKind.RECEIVED)
    files, search = _searched(request, files.select_related("insurer", "export"))
    page = Paginator(files, FILES_PER_PAGE).get_page(request.GET.get("page"))
    apart = apart_rows(organisation_of(request.membership))
    context = {
        "page": page,
        "search": search,
        "is_searched": any(search.data.get(name) for name in search.fields),
        "overviews": selectors.overviews(page.object_list),
        "oldest": selectors.oldest_waiting(request.membership),
        "ending": ending_bases(organisation_of(request.membership), timezone.localdate()),
        "apart": apart,
        "returned": corrections.returned_by_file(organisation_of(request.membership).pk),
        "blocked": blocked_files(organisation_of(request.membership).pk),
        "troubles": troubles(organisation_of(request.membership), apart),
        "differences": reconciliation.differences(request.membership),
        "waiting": reconciliation.waiting_too_long(organisation_of(request.membership).pk),
    }
    return render(request, "declarations/delivery/file_list.html", context)


def _searched(
    request: CareRequest, files: QuerySet[DeclarationFile]
) -> tuple[QuerySet[DeclarationFile], FileSearchForm]:
    form = FileSearchForm(request.GET)
    if not form.is_valid():
        return files, form
    cleaned = form.cleaned_data
    found = selectors.files_matching(files, text=cleaned["zoek"], first=cleaned["van"], last=cleaned["tot"])
    return found, form


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
@nameless_uploads
def file_upload(request: CareRequest) -> HttpResponse:
    """Read a file in; a file with errors is refused whole, with every problem by line and field."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not form.is_valid():
        return render(request, "declarations/delivery/file_upload.html", {"form": form})
    try:
        file = _read_in(request, form)
    except DeclarationError as refusal:
        return _refused(request, form, refusal)
    messages.success(request, _("Het bestand is ingelezen. De profielen worden nu toegevoegd."))
    return redirect("file-page", file.public_id)


def _read_in(request: CareRequest, form: UploadForm) -> DeclarationFile:
    """Read an upload in, telling the page that asks for its key how far it is."""
    organisation, upload = organisation_of(request.membership), form.cleaned_data["file"]
    key = form.cleaned_data["key"] or uuid4()
    with telling(key=key, organisation_id=organisation.pk) as watcher:
        source = WatchedSource(upload, upload.size, watcher)
        return services.import_file(
            organisation=organisation, source=source, user=request.user, watcher=watcher
        )


@require_GET
@requires(Permission.DECLARE)
def file_upload_progress(request: CareRequest, key: UUID) -> HttpResponse:  # noqa: ARG001 - rows are narrowed
    """Return how far the reading of an upload is; nothing (204) before it has begun."""
    found = throughput.of_key(key)
    if found is None:
        return HttpResponse(status=204)
    share = found.done / found.total if found.total else 0
    return JsonResponse({"phase": found.phase, "share": share, "text": pace_in_words(found)})


def _refused(request: CareRequest, form: UploadForm, refusal: DeclarationError) -> HttpResponse:
    context = {"form": form, "refusal": refusal}
    if isinstance(refusal, FileRefusedError):
        shown = refusal.problems[:SHOWN_PROBLEMS]
        context |= {"problems": shown, "hidden": refusal.total - len(shown)}
    if isinstance(refusal, AlreadyImportedError | InvoiceNumberTakenError):
        context["known"] = selectors.file_for(request.membership, refusal.public_id)
    return render(request, "declarations/delivery/file_upload.html", context, status=REFUSED)


@require_GET
@requires(Permission.DECLARE)
def file_page(request: CareRequest, file: UUID) -> HttpResponse:
    """Show a file: how its persons stand, per reason what to do now, and what is known of the file."""
    row = selectors.file_for(request.membership, file)
    if row.kind == FileKind.SEPARATE:
        return redirect("apart-page", row.public_id)
    look(row)
    balance = selectors.balance(row)
    context = {
        "file": row,
        "apart": beside(row),
        "clash": invoice_numbers.clash_of(row),
        "balance": balance,
        "groups": file_groups(row),
        "told_deceased": told_deceased(row),
        "control_total": control_total(row),
        "warnings": warnings_of(row).groups(SHOWN_LINES),
        "export": selectors.export_of(row),
        "job": presented_job(row),
        "pace": attaching_pace(row, balance),
        "downloads": disclosures.of_file(row)[:FILES_PER_PAGE],
        "downloaded": disclosures.of_file(row).count(),
    }
    return render(request, "declarations/delivery/file_page.html", context)


@require_GET
@requires(Permission.DECLARE)
def file_progress(request: CareRequest, file: UUID) -> HttpResponse:
    """Return how the persons of a file stand now; the page asks for it until nobody is queued."""
    row = selectors.file_for(request.membership, file)
    balance = selectors.balance(row)
    pace = attaching_pace(row, balance)
    context = {"file": row, "balance": balance, "pace": pace}
    response = render(request, "declarations/delivery/file_progress.html", context)
    if pace is None:
        response.headers["X-Draagvlak-Done"] = "1"
    return response


@require_POST
@requires(Permission.DECLARE)
def file_export(request: CareRequest, file: UUID) -> HttpResponse:
    """Ask for the file with profiles, which a worker makes; the page shows how far that is."""
    row = selectors.file_for(request.membership, file)
    try:
        job = ask(file=row, membership=request.membership)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        if job is None:
            messages.success(request, _("Het bestand met profielen is gemaakt."))
    return redirect("file-page", row.public_id)


@require_GET
@requires(Permission.DECLARE)
def file_export_progress(request: CareRequest, file: UUID) -> HttpResponse:
    """Return how far the making of a file is; the page asks for it until that is over."""
    row = selectors.file_for(request.membership, file)
    job = presented_job(row)
    response = render(request, "declarations/delivery/export_job.html", {"file": row, "job": job})
    if job is None or not job.is_open:
        response.headers["X-Draagvlak-Done"] = "1"
    return response


@require_GET
@requires(Permission.DECLARE)
def file_manifest(request: CareRequest, file: UUID) -> HttpResponse:
    """Send the manifest of the file that was made, and write down that it was fetched."""
    row = selectors.file_for(request.membership, file)
    export = selectors.export_of(row)
    if export is None or not export.manifest:
        messages.error(request, _("Bij dit bestand is er geen verantwoording."))
        return redirect("file-page", row.public_id)
    disclosures.record_file(membership=request.membership, file=row, kind=DownloadKind.MANIFEST)
    response = HttpResponse(as_json(export.manifest), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{manifest_name(row)}"'
    return response


@require_GET
@requires(Permission.DECLARE)
def file_download(request: CareRequest, file: UUID) -> HttpResponse | StreamingHttpResponse:
    """Send the file with profiles, and write down that it was fetched."""
    row = selectors.file_for(request.membership, file)
    export = selectors.export_of(row)
    if export is None:
        messages.error(request, _("Het bestand met profielen is nog niet gemaakt."))
        return redirect("file-page", row.public_id)
    try:
        refuse_to_hand_out(row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("file-page", row.public_id)
    disclosures.record_file(membership=request.membership, file=row)
    content = chunks.stream(row, ChunkKind.EXPORT)
    response = StreamingHttpResponse(content, content_type="text/plain; charset=iso-8859-1")
    response.headers["Content-Disposition"] = f'attachment; filename="{download_name(row)}"'
    response.headers["Content-Length"] = str(export.size)
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def file_withdraw(request: CareRequest, file: UUID) -> HttpResponse:
    """Take a file back after asking; once it was handed over that cannot be done any more."""
    row = selectors.file_for(request.membership, file)
    is_separate = row.kind == FileKind.SEPARATE
    if request.method != "POST":
        context = {"file": row, "back_url": address_of(row), "is_separate": is_separate}
        return render(request, "declarations/delivery/file_withdraw.html", context)
    try:
        withdrawing.withdraw_file(
            file=row, asker=separate_delivery.Asker(request.membership.user, request.membership)
        )
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
        return redirect(address_of(row))
    if is_separate:
        messages.success(request, _("Het aparte bestand is ingetrokken. Wat nog mag, wacht op een volgend."))
        return redirect("apart-list")
    messages.success(request, _("Het bestand is ingetrokken. Je kunt het opnieuw inlezen."))
    return redirect("file-list")
