"""What an officer does with a whole group of a file: leave it out, take it back, ask the nurses."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from care.schema.models import Client
from declarations.matching import bulk_actions, presenters
from declarations.matching.forms import ExcludeForm, ExcludeOneForm
from declarations.queries import selectors
from declarations.schema.constants import AttachmentKind, AttachmentState, Reason
from declarations.schema.exceptions import DeclarationError
from profiles.timeline.events import Asked


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def queue_exclude(request: CareRequest, file: UUID) -> HttpResponse:
    """Ask why, then leave everybody out who is held for one reason."""
    row = selectors.file_for(request.membership, file)
    reason = request.GET.get("reden", "")
    if reason not in Reason.values or reason == Reason.NONE:
        raise Http404(_("Deze reden bestaat niet."))
    form = ExcludeForm(request.POST or None)
    if not form.is_valid():
        context = {
            "form": form,
            "file": row,
            "reason": Reason(reason),
            "count": selectors.held_for(row, reason).count(),
            "list_url": presenters.items_url(row, state=AttachmentState.HELD, reason=reason),
        }
        return render(request, "declarations/matching/queue_exclude.html", context)
    try:
        count = bulk_actions.exclude_held(
            file=row, reason=reason, text=form.cleaned_data["reason"], user=request.user
        )
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, excluded(count))
    return redirect("file-page", row.public_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def item_exclude(request: CareRequest, item: UUID) -> HttpResponse:
    """Ask why, then leave one person out of the file who is held or has a profile attached."""
    row = selectors.item_for(request.membership, item)
    if row.kind != AttachmentKind.REGULAR or row.state not in bulk_actions.CAN_BE_LEFT_OUT:
        raise Http404(_("Deze verzekerde kan niet worden overgeslagen."))
    form = ExcludeOneForm(request.POST or None)
    if not form.is_valid():
        if row.client is not None:
            access.record(
                membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=[row.client]
            )
        return render(request, "declarations/matching/item_exclude.html", {"form": form, "item": row})
    try:
        count = bulk_actions.exclude_persons(
            file=row.file, ids=[row.public_id], text=form.cleaned_data["reason"], user=request.user
        )
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, excluded(count))
    return redirect("queue-item", row.public_id)


@require_POST
@requires(Permission.DECLARE)
def item_ask(request: CareRequest, item: UUID) -> HttpResponse:
    """Put one client on the list of the nurses: the profile is missing, or its record came back."""
    row = selectors.item_for(request.membership, item)
    try:
        asked = bulk_actions.ask_nurse(item=row, user=request.user)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        access.record(
            membership=request.membership,
            action=AccessAction.CHANGED,
            clients=[row.client] if row.client else [],
        )
        messages.success(request, asked_in_words(asked))
    return redirect("queue-item", row.public_id)


def excluded(count: int) -> str:
    """Return in words how many persons were left out."""
    sentence = ngettext(
        "%(count)d verzekerde gaat niet mee in dit bestand.",
        "%(count)d verzekerden gaan niet mee in dit bestand.",
        count,
    )
    return sentence % {"count": count}


@require_POST
@requires(Permission.DECLARE)
def queue_include(request: CareRequest, file: UUID) -> HttpResponse:
    """Take back that persons were left out: it is decided anew who goes along."""
    row = selectors.file_for(request.membership, file)
    try:
        count = bulk_actions.include_again(file=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, presenters.queued_again(count))
    return redirect("file-page", row.public_id)


@require_POST
@requires(Permission.DECLARE)
def item_include(request: CareRequest, item: UUID) -> HttpResponse:
    """Take back that one person was left out."""
    row = selectors.item_for(request.membership, item)
    try:
        count = bulk_actions.include_again(file=row.file, item=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        presenters.tell_queued_again(request, count)
    return redirect("queue-item", row.public_id)


@require_POST
@requires(Permission.DECLARE)
def queue_ask(request: CareRequest, file: UUID) -> HttpResponse:
    """Put everybody whose profile is missing on the list of the nurses."""
    row = selectors.file_for(request.membership, file)
    clients = list(Client.objects.filter(pk__in=bulk_actions.waiting_for_anamnese(row)))
    try:
        asked = bulk_actions.ask_nurses(file=row, user=request.user)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        access.record(membership=request.membership, action=AccessAction.CHANGED, clients=clients)
        messages.success(request, asked_in_words(asked))
    return redirect("file-page", row.public_id)


def asked_in_words(asked: Asked) -> str:
    """Return in words of how many clients an anamnese was asked."""
    sentence = ngettext(
        "Bij %(count)d cliënt is nu een anamnese gevraagd. Die staat bij de verpleegkundige op de lijst.",
        "Bij %(count)d cliënten is nu een anamnese gevraagd. Zij staan bij de verpleegkundige op de lijst.",
        asked.new,
    )
    said = [sentence % {"count": asked.new}]
    if asked.before:
        said.append(_("Bij %d was dat al gevraagd.") % asked.before)
    if asked.out_of_care:
        said.append(_("%d van hen zijn niet meer in zorg.") % asked.out_of_care)
    return " ".join(said)
