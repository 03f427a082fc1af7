"""The officer's page for one person in a file, and sending those who are held round again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from declarations.matching import after_export, bulk_actions, presenters, services
from declarations.matching.advice import advice_now, is_helped_by_trying
from declarations.matching.deceased import answer_about
from declarations.queries import selectors
from declarations.queries.reply_queries import last_answer
from declarations.schema.constants import HELD_AFTER_GOING, AttachmentKind, AttachmentState, Reason
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import Attachment


@require_POST
@requires(Permission.DECLARE)
def queue_retry(request: CareRequest, file: UUID) -> HttpResponse:
    """Decide anew on everybody of a file who is held for one reason."""
    row = selectors.file_for(request.membership, file)
    reason = request.POST.get("reden", "")
    if reason not in Reason.values or not is_helped_by_trying(reason):
        raise Http404(_("Deze reden bestaat niet."))
    try:
        count = services.retry_held(file=row, reason=reason)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, presenters.queued_again(count))
    return redirect("file-page", row.public_id)


@require_GET
@requires(Permission.DECLARE)
def item_page(request: CareRequest, item: UUID) -> HttpResponse:
    """Show one person of a file: who, which days, which profiles, and what happened."""
    row = selectors.item_for(request.membership, item)
    if row.client is not None:
        access.record(
            membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=[row.client]
        )
    detail = presenters.detail_of(row)
    can_change = presenters.is_changeable(row.file)
    is_held = row.state == AttachmentState.HELD
    can_ask = bulk_actions.can_be_asked_for(row)
    context = {
        "item": row,
        "number": presenters.number_in_file(row),
        "file": row.file,
        "now": advice_now(detail.before, detail.missing) if _waits_apart(row) else "",
        "person": presenters.person_in_file(row),
        "detail": detail,
        "reason_label": presenters.reason_label(row),
        "advice": presenters.advice_about(row.file, row.state, row.reason, detail.missing),
        "performances": presenters.performance_lines(row),
        "records": selectors.records_of(row),
        "events": presenters.event_lines(row),
        "back_url": presenters.items_url(row.file, kind=row.kind, state=row.state, reason=row.reason),
        "exclusion": bulk_actions.exclusion_of(row),
        "can_include": can_change and row.reason == Reason.EXCLUDED_BY_OFFICER,
        "told_deceased": answer_about(row),
        "can_retry": is_held and can_change and is_helped_by_trying(row.reason),
        "can_attach_rest": _can_attach_rest(row, can_change=can_change),
        "can_exclude": row.state in bulk_actions.CAN_BE_LEFT_OUT
        and can_change
        and row.kind == AttachmentKind.REGULAR,
        "can_ask": can_ask,
        "asked": bulk_actions.asked_of(row) if can_ask else None,
        "can_send_again": row.reason == Reason.RETURNED and is_held and not after_export.is_over(row.file),
        "answer": last_answer(row.corrects) if row.corrects else None,
    }
    return render(request, "declarations/matching/queue_item.html", context)


def _waits_apart(item: Attachment) -> bool:
    """Tell whether somebody is held of a file that went, and can still go in a separate one."""
    is_late = item.state == AttachmentState.HELD and item.reason in HELD_AFTER_GOING
    return is_late and not after_export.is_over(item.file)


def _can_attach_rest(item: Attachment, *, can_change: bool) -> bool:
    """Tell whether some of a person's performances have a profile while others have none.

    Of a file that has gone, what has one can still go in a separate file.
    """
    waits_open = (item.state, item.reason) == (AttachmentState.HELD, Reason.NO_VALID_PROFILE) and can_change
    if not waits_open and not (
        _waits_apart(item) and presenters.detail_of(item).before == Reason.NO_VALID_PROFILE
    ):
        return False
    charged = [line for line in presenters.performance_lines(item) if line.performance.counts]
    return any(line.profile for line in charged)


@require_POST
@requires(Permission.DECLARE)
def item_retry(request: CareRequest, item: UUID) -> HttpResponse:
    """Decide anew on one person who is held."""
    row = selectors.item_for(request.membership, item)
    try:
        count = services.retry_item(item=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        presenters.tell_queued_again(request, count)
    return redirect("queue-item", row.public_id)


@require_POST
@requires(Permission.DECLARE)
def item_rest(request: CareRequest, item: UUID) -> HttpResponse:
    """Attach the performances that have a profile, and leave out those without."""
    row = selectors.item_for(request.membership, item)
    try:
        services.attach_rest(item=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("De prestaties met een profiel worden nu toegevoegd."))
    return redirect("queue-item", row.public_id)
