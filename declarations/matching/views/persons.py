"""The officer's list of the persons in a file: by state and reason, looked up, as a table, several."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care import tables
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from declarations.matching import bulk_actions, presenters
from declarations.matching.forms import ExcludeForm
from declarations.matching.persons import PersonFilter, found_in, persons_of, states_in
from declarations.matching.persons_csv import as_csv
from declarations.matching.views.bulk_actions import asked_in_words, excluded
from declarations.queries import selectors
from declarations.schema.constants import AttachmentKind, AttachmentState, Reason
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import DeclarationFile
from declarations.storage.export_audit import log_exported
from declarations.storage.file_names import file_name

ITEMS_PER_PAGE = 25
MOST_SELECTED = 500


class WhichForm(forms.Form):
    """Which persons of a file are asked for; the names stand in addresses."""

    staat = forms.ChoiceField(choices=AttachmentState.choices, required=False)
    reden = forms.ChoiceField(choices=Reason.choices, required=False)
    soort = forms.ChoiceField(choices=AttachmentKind.choices, required=False)
    overleden = forms.BooleanField(required=False)


class SelectedForm(forms.Form):
    """Several persons of a file, and what to do with them."""

    gekozen = forms.TypedMultipleChoiceField(coerce=UUID)
    doe = forms.ChoiceField(choices=[(name, name) for name in ("opnieuw", "overslaan", "anamnese")])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        chosen = data.getlist("gekozen")[:MOST_SELECTED]
        self.fields["gekozen"].choices = [(each, each) for each in chosen if _is_uuid(each)]  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _wanted(request: CareRequest) -> PersonFilter:
    asked = WhichForm(request.GET)
    if not asked.is_valid():
        raise Http404(_("Deze lijst bestaat niet."))
    cleaned = asked.cleaned_data
    kind = cleaned["soort"] or AttachmentKind.REGULAR
    return PersonFilter(cleaned["staat"], cleaned["reden"], kind, cleaned["overleden"])


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def queue_list(request: CareRequest, file: UUID) -> HttpResponse:
    """Show the persons of a file by state and reason; who is looked up is sent: no BSN in an address."""
    row, wanted = selectors.file_for(request.membership, file), _wanted(request)
    text = request.POST.get("q", "").strip()
    page = Paginator(persons_of(row, wanted), ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    items = found_in(row, text) if text else list(page.object_list)
    shown = selectors.clients_among(items)
    access.record(membership=request.membership, action=AccessAction.LISTED, clients=shown)
    states, reasons = states_in(row)
    can_change = presenters.is_changeable(row) and wanted.kind == AttachmentKind.REGULAR
    context = {
        "file": row,
        "wanted": wanted,
        "state": AttachmentState(wanted.state) if wanted.state else None,
        "reason": Reason(wanted.reason) if wanted.reason else None,
        "states": states,
        "reasons": reasons,
        "advice": presenters.advice_about(row, wanted.state, wanted.reason),
        "lines": presenters.item_lines(row, items),
        "page": page,
        "text": text,
        "query": _query(wanted),
        "can_change": can_change,
    }
    return render(request, "declarations/matching/queue_list.html", context)


def _query(wanted: PersonFilter) -> str:
    parts = {"staat": wanted.state, "reden": wanted.reason}
    parts |= {"soort": wanted.kind} if wanted.kind != AttachmentKind.REGULAR else {}
    parts |= {"overleden": "1"} if wanted.told_deceased else {}
    return urlencode({name: value for name, value in parts.items() if value})


@require_GET
@requires(Permission.DECLARE)
def queue_csv(request: CareRequest, file: UUID) -> HttpResponse:
    """Send the persons that a filter names as a table, and write down whose data went along."""
    row, wanted = selectors.file_for(request.membership, file), _wanted(request)
    items = list(persons_of(row, wanted).select_related("client__team"))
    clients = [client.pk for client in selectors.clients_among(items)]
    log_exported(
        organisation_id=row.organisation_id, clients=clients, membership=request.membership, program=None
    )
    response = HttpResponse(as_csv(items), content_type=tables.CONTENT_TYPE)
    name = f"{file_name(row).removesuffix('.txt')}-verzekerden.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@requires(Permission.DECLARE)
def queue_selected(request: CareRequest, file: UUID) -> HttpResponse:
    """Do one thing with several persons of a file; leaving out is asked about first."""
    row, wanted = selectors.file_for(request.membership, file), _wanted(request)
    back = f"{reverse('queue-list', args=[row.public_id])}?{_query(wanted)}"
    form = SelectedForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Kies eerst een of meer verzekerden."))
        return redirect(back)
    ids = form.cleaned_data["gekozen"]
    if form.cleaned_data["doe"] == "overslaan":
        return _leave_out(request, row, ids, back)
    try:
        messages.success(request, _done(request, row, ids, form.cleaned_data["doe"]))
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    return redirect(back)


def _done(request: CareRequest, row: DeclarationFile, ids: list[UUID], what: str) -> str:
    if what == "opnieuw":
        return presenters.queued_again(bulk_actions.retry_persons(file=row, ids=ids))
    asked, clients = bulk_actions.ask_nurses_of(file=row, ids=ids, user=request.user)
    access.record(membership=request.membership, action=AccessAction.CHANGED, clients=clients)
    return asked_in_words(asked)


def _leave_out(request: CareRequest, row: DeclarationFile, ids: list[UUID], back: str) -> HttpResponse:
    form = ExcludeForm(request.POST if "reason" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, "file": row, "ids": ids, "count": len(ids), "back_url": back}
        return render(request, "declarations/matching/queue_exclude_selected.html", context)
    try:
        count = bulk_actions.exclude_persons(
            file=row, ids=ids, text=form.cleaned_data["reason"], user=request.user
        )
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, excluded(count))
    return redirect(back)
