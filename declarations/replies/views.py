"""The officer's pages for what insurers answered: looked at, shown, and counting once somebody says so."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.schema.constants import AccessAction
from declarations.delivery.views.deliveries import address_of
from declarations.progress import throughput
from declarations.queries import selectors
from declarations.replies import jobs, services
from declarations.replies.forms import FileReplyForm, ReplyListForm
from declarations.replies.preview import ReplyRefusedError
from declarations.schema.delivery_constants import LISTED_PROBLEMS, OPEN_REPLIES, ReplyState, ReplyStatus
from declarations.schema.delivery_models import Reply
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import ProfileRecord

PER_PAGE = 25
REFUSED = 422


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def file_reply(request: CareRequest, file: UUID) -> HttpResponse:
    """Write down one answer for all profile records of a file."""
    row = selectors.file_for(request.membership, file)
    form = FileReplyForm(request.POST or None)
    if form.is_valid():
        try:
            reply = jobs.record_for_file(file=row, user=request.user, **form.cleaned_data)
        except DeclarationError as refusal:
            messages.error(request, refusal.sentence)
            return redirect(address_of(row))
        if reply.state in OPEN_REPLIES:
            return redirect("reply-page", reply.public_id)
        messages.success(request, _recorded(reply))
        return redirect(address_of(row))
    context = {"form": form, "file": row, "tally": services.tally_of(row), "back_url": address_of(row)}
    return render(request, "declarations/replies/file_reply.html", context)


def _recorded(reply: Reply) -> str:
    counts = {"accepted": reply.accepted_count, "rejected": reply.rejected_count}
    said = [_("Vastgelegd: %(accepted)d aanvaard, %(rejected)d afgekeurd.") % counts]
    if reply.known_count:
        known = ngettext("%(known)d was al bekend.", "%(known)d waren al bekend.", reply.known_count)
        said.append(known % {"known": reply.known_count})
    if reply.outdated_count:
        sentence = ngettext(
            "Bij %(outdated)d is er een nieuwer antwoord: daar veranderde niets.",
            "Bij %(outdated)d is er een nieuwer antwoord: daar veranderde niets.",
            reply.outdated_count,
        )
        said.append(sentence % {"outdated": reply.outdated_count})
    return " ".join(said)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def reply_list(request: CareRequest) -> HttpResponse:
    """Take a list of answers in to be looked at; a list with mistakes is refused whole."""
    organisation = organisation_of(request.membership)
    form = ReplyListForm(request.POST, request.FILES) if request.method == "POST" else ReplyListForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            reply = jobs.look_at_list(
                organisation=organisation, content=form.cleaned_data["list"], user=request.user
            )
            return redirect("reply-page", reply.public_id)
        except ReplyRefusedError as refusal:
            context |= _mistakes(refusal)
    rows = Reply.objects.filter(organisation=organisation, state=ReplyState.RECORDED)
    rows = rows.defer("content", "shown").select_related("user", "token", "file").order_by("-id")
    context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context["going_on"] = jobs.going_on(organisation.pk)
    status = REFUSED if "refusal" in context else 200
    return render(request, "declarations/replies/reply_list.html", context, status=status)


def _mistakes(refusal: ReplyRefusedError) -> dict[str, Any]:
    shown = refusal.problems[:LISTED_PROBLEMS]
    return {
        "refusal": refusal.sentence,
        "problems": shown,
        "hidden": len(refusal.problems) - len(shown),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def reply_page(request: CareRequest, reply: UUID) -> HttpResponse:
    """Show how far a list is, or what it would come to; then let it count."""
    row = _reply_for(request, reply)
    if request.method == "POST":
        return _let_it_count(request, row)
    if row.state == ReplyState.RECORDED:
        messages.success(request, _recorded(row))
        return redirect("reply-list") if row.file is None else redirect(address_of(row.file))
    if row.state != ReplyState.PREPARED:
        return render(request, "declarations/replies/reply_job.html", _job(row))
    lines = _shown(row)
    clients = {line.record.attachment.client for line in lines if line.record.attachment.client}
    access.record(membership=request.membership, action=AccessAction.LISTED, clients=clients)
    context = {"reply": row, "shown": lines, "hidden": row.line_count - len(lines)}
    return render(request, "declarations/replies/reply_page.html", context)


def _let_it_count(request: CareRequest, row: Reply) -> HttpResponse:
    try:
        if row.state == ReplyState.FAILED:
            jobs.try_again(reply=row)
            return redirect("reply-page", row.public_id)
        row = jobs.record(reply=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("reply-list")
    return redirect("reply-page", row.public_id)


def _reply_for(request: CareRequest, public_id: UUID) -> Reply:
    rows = Reply.objects.filter(organisation=request.membership.organisation_id, public_id=public_id)
    row = rows.defer("content").select_related("file").first()
    if row is None:
        raise Http404(_("Deze lijst is er niet meer."))
    return row


def _job(row: Reply) -> dict[str, Any]:
    is_open = row.state in OPEN_REPLIES
    return {
        "reply": row,
        "is_open": is_open,
        "pace": throughput.of_key(row.public_id) if is_open and row.attempts else None,
        "hidden": row.finding_count - len(row.findings),
        "back_url": address_of(row.file) if row.file else None,
    }


@require_GET
@requires(Permission.DECLARE)
def reply_progress(request: CareRequest, reply: UUID) -> HttpResponse:
    """Return how far a list is; the page asks for it until that is over."""
    context = _job(_reply_for(request, reply))
    response = render(request, "declarations/replies/reply_progress.html", context)
    if not context["is_open"]:
        response.headers["X-Draagvlak-Done"] = "1"
    return response


@dataclass(frozen=True, slots=True)
class ReplyAnswerLine:
    """An answer of a list as it is shown, beside the whole record that it is about."""

    record: ProfileRecord
    status: ReplyStatus
    reason: str
    before: str
    is_new: bool
    newer_at: datetime | None


def _shown(row: Reply) -> list[ReplyAnswerLine]:
    kept = json.loads(row.shown)
    rows = ProfileRecord.objects.select_related("attachment__client", "attachment__file")
    records = rows.in_bulk([record for record, *_rest in kept])
    return [
        ReplyAnswerLine(
            records[record],
            ReplyStatus(status),
            reason,
            before,
            is_new,
            datetime.fromisoformat(newer_at) if newer_at else None,
        )
        for record, status, reason, before, is_new, newer_at in kept
    ]


@require_POST
@requires(Permission.DECLARE)
def reply_drop(request: CareRequest, reply: UUID) -> HttpResponse:
    """Throw away a list that does not count yet."""
    row = _reply_for(request, reply)
    if services.drop(reply=row):
        messages.success(request, _("De lijst is weggegooid. Er is niets vastgelegd."))
    elif row.state == ReplyState.RECORDING:
        messages.warning(request, _("Deze lijst wordt nu vastgelegd. Er is niets weggegooid."))
    else:
        messages.warning(request, _("Deze lijst is al vastgelegd. Er is niets weggegooid."))
    return redirect("reply-list")
