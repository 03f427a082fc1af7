"""The officer's pages for what happens after a file was made: handed over, and answered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from care import access
from care.constants import AccessAction
from care.middleware import CareRequest
from care.permissions import Right, requires
from care.selectors import organisation_of
from declarations import selectors
from declarations.apart import corrections
from declarations.constants import FileKind
from declarations.exceptions import DeclarationError
from declarations.forms.outgoing import DeliveryForm, FileReplyForm, ReplyListForm
from declarations.models import DeclarationFile, ProfileRecord
from declarations.outgoing import deliveries, replies
from declarations.outgoing.constants import LISTED_PROBLEMS, ReplyState
from declarations.outgoing.models import Reply

PER_PAGE = 25
SHOWN_ANSWERS = 50
REFUSED = 422


def address_of(file: DeclarationFile) -> str:
    """Return where a file is shown: one of profile records only has a page of its own."""
    name = "apart-page" if file.kind == FileKind.SEPARATE else "file-page"
    return reverse(name, args=[file.public_id])


@require_http_methods(["GET", "POST"])
@requires(Right.DECLARE)
def file_delivered(request: CareRequest, file: UUID) -> HttpResponse:
    """Write down when a file was handed over to the insurer."""
    row = selectors.file_for(request.membership, file)
    form = DeliveryForm(request.POST or None)
    if form.is_valid():
        try:
            deliveries.record_delivery(file=row, user=request.user, **form.cleaned_data)
        except DeclarationError as refusal:
            form.add_error("delivered_at", refusal.sentence)
        else:
            messages.success(request, _("Vastgelegd dat het bestand is aangeleverd."))
            return redirect(address_of(row))
    context = {"form": form, "file": row, "back_url": address_of(row)}
    return render(request, "declarations/file_delivered.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.DECLARE)
def file_reply(request: CareRequest, file: UUID) -> HttpResponse:
    """Write down one answer for all profile records of a file."""
    row = selectors.file_for(request.membership, file)
    form = FileReplyForm(request.POST or None)
    if form.is_valid():
        try:
            preview = replies.record_for_file(file=row, user=request.user, **form.cleaned_data)
        except DeclarationError as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _recorded(preview))
        return redirect(address_of(row))
    context = {"form": form, "file": row, "tally": replies.tally_of(row), "back_url": address_of(row)}
    return render(request, "declarations/file_reply.html", context)


def _recorded(preview: replies.Preview) -> str:
    counts = {"accepted": preview.accepted, "rejected": preview.rejected}
    said = [_("Vastgelegd: %(accepted)d aanvaard, %(rejected)d afgekeurd.") % counts]
    if preview.known:
        known = ngettext("%(known)d was al bekend.", "%(known)d waren al bekend.", preview.known)
        said.append(known % {"known": preview.known})
    return " ".join(said)


@require_http_methods(["GET", "POST"])
@requires(Right.DECLARE)
def reply_list(request: CareRequest) -> HttpResponse:
    """Take a list of answers in to be looked at; a list with mistakes is refused whole."""
    organisation = organisation_of(request.membership)
    form = ReplyListForm(request.POST, request.FILES) if request.method == "POST" else ReplyListForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            reply = replies.prepare_list(
                organisation=organisation, content=form.cleaned_data["list"], user=request.user
            )
            return redirect("reply-page", reply.public_id)
        except replies.ReplyRefusedError as refusal:
            shown = refusal.problems[:LISTED_PROBLEMS]
            context |= {"refusal": refusal, "problems": shown, "hidden": len(refusal.problems) - len(shown)}
    rows = Reply.objects.filter(organisation=organisation, state=ReplyState.RECORDED)
    rows = rows.defer("content").select_related("user", "token", "file").order_by("-id")
    context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    status = REFUSED if "refusal" in context else 200
    return render(request, "declarations/reply_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Right.DECLARE)
def reply_page(request: CareRequest, reply: UUID) -> HttpResponse:
    """Show what a list would come to; then let it count."""
    row = Reply.objects.filter(organisation=request.membership.organisation_id, public_id=reply).first()
    if row is None or row.state != ReplyState.PREPARED:
        raise Http404(_("Deze lijst is er niet, of is al vastgelegd."))
    try:
        if request.method == "POST":
            messages.success(request, _recorded(replies.record_list(reply=row)))
            return redirect("reply-list")
        preview = replies.preview_of(row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("reply-list")
    shown = sorted(preview.told, key=lambda told: (not told.is_new, told.status != "afgekeurd", told.line))
    lines = _answer_lines(shown[:SHOWN_ANSWERS])
    clients = {line.record.attachment.client for line in lines if line.record.attachment.client}
    access.record(membership=request.membership, action=AccessAction.LISTED, clients=clients)
    context = {"reply": row, "preview": preview, "shown": lines, "hidden": len(shown) - len(lines)}
    return render(request, "declarations/reply_page.html", context)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer of a list as it is shown, beside the whole record that it is about."""

    told: replies.Told
    record: ProfileRecord


def _answer_lines(shown: list[replies.Told]) -> list[AnswerLine]:
    rows = ProfileRecord.objects.select_related("attachment__client", "attachment__file")
    records = rows.in_bulk([told.record.id for told in shown])
    return [AnswerLine(told, records[told.record.id]) for told in shown]


@require_POST
@requires(Right.DECLARE)
def reply_drop(request: CareRequest, reply: UUID) -> HttpResponse:
    """Throw away a list that was only looked at."""
    row = Reply.objects.filter(organisation=request.membership.organisation_id, public_id=reply).first()
    if row is None:
        raise Http404(_("Deze lijst is er niet, of is al vastgelegd."))
    if replies.drop(reply=row):
        messages.success(request, _("De lijst is weggegooid. Er is niets vastgelegd."))
    else:
        messages.warning(request, _("Deze lijst is al vastgelegd. Er is niets weggegooid."))
    return redirect("reply-list")


@require_POST
@requires(Right.DECLARE)
def item_send_again(request: CareRequest, item: UUID) -> HttpResponse:
    """Let a record that came back go along in the next separate file."""
    row = selectors.item_for(request.membership, item)
    try:
        corrections.send_again(item=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("De profielregel gaat mee in het volgende aparte bestand."))
    return redirect("queue-item", row.public_id)
