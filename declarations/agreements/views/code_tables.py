"""Code tables: which there are, taking one in, and what one would change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.accounts.selectors import organisation_of
from care.tenancy.commands import CommandRefused, ImportProblems, rows_of
from declarations.agreements import code_table_versions, code_tables, services
from declarations.agreements.forms import TableForm
from profiles.engine import Model
from profiles.timeline.selectors import codes_of_all

REFUSED = 422


@requires(Permission.SEE_GROUND)
@require_GET
def table_list(request: CareRequest) -> HttpResponse:
    """Show the code tables, the newest first."""
    found = code_table_versions.tables_of(organisation_of(request.membership))
    context = {"tables": found, "can_keep": Permission.KEEP_CODES in RIGHTS[request.membership.role]}
    return render(request, "declarations/agreements/tables.html", context)


@requires(Permission.KEEP_CODES)
@require_http_methods(["GET", "POST"])
def table_add(request: CareRequest) -> HttpResponse:
    """Take a code table in; with one error nothing is, and each is named by its line."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(
            request,
            "declarations/agreements/table_add.html",
            {"form": form, **_asked()},
        )
    try:
        taken = _take_in(request, form)
    except CommandRefused as refusal:
        context = {"form": form, **_asked(), "reasons": refusal.reasons}
        return render(request, "declarations/agreements/table_add.html", context, status=REFUSED)
    if taken.is_new:
        messages.success(request, _("De tabel is ingelezen. Hij is nog nergens in gebruik."))
    else:
        messages.info(request, _("Deze tabel was er al. Er is niets veranderd."))
    return redirect("table-page", taken.table.public_id)


def _asked() -> dict[str, object]:
    """What a file looks like: its columns, two lines of the example, and the codes by model."""
    example = code_tables.example()
    where, unit = example.list_code, example.time_unit
    lines = [f"{code};{where};{sent};{unit}" for code, sent in example.codes.items()]
    models = dict.fromkeys(codes_of_all().values())
    return {
        "columns": code_table_versions.COLUMNS,
        "lines": sorted(lines)[:2],
        "codes": [_codes_in_words(model) for model in models],
    }


def _codes_in_words(model: Model) -> str:
    """Name the codes of a model: the scored ones from first to last, and each exception."""
    first, *_between, last = model.codes.values()
    scored = _("%(first)s tot en met %(last)s") % {"first": first, "last": last}
    return get_text_list([scored, *model.exceptions], _("en"))


def _take_in(request: CareRequest, form: TableForm) -> code_table_versions.TakenIn:
    problems = ImportProblems()
    return code_table_versions.take_in(
        organisation=organisation_of(request.membership),
        name=form.cleaned_data["name"],
        version=form.cleaned_data["version"],
        rows=rows_of(form.cleaned_data["file"], code_table_versions.COLUMNS, problems),
        problems=problems,
        user=request.user,
    )


@requires(Permission.SEE_GROUND)
@require_GET
def table_page(request: CareRequest, table: UUID) -> HttpResponse:
    """Show one table: its codes, where it is or was in use, and what it would change per insurer."""
    organisation = organisation_of(request.membership)
    row = get_object_or_404(code_table_versions.tables_of(organisation), public_id=table)
    today = timezone.localdate()
    insurers = services.insurers_of(organisation)
    changes = [
        (
            insurer,
            code_table_versions.change_for(organisation=organisation, insurer=insurer, table=row, day=today),
        )
        for insurer in insurers
    ]
    context = {
        "table": row,
        "codes": [(profile, row.codes.get(profile, "")) for profile in code_table_versions.profiles()],
        "uses": code_table_versions.uses_of(organisation, row),
        "changes": [(insurer, change) for insurer, change in changes if change.differs],
        "can_change": Permission.ADMINISTER in RIGHTS[request.membership.role],
    }
    return render(request, "declarations/agreements/table_page.html", context)
