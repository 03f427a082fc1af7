"""The officer's pages for handing a made file over: released after asking, or blocked and made anew."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from declarations.delivery.job_requests import ask
from declarations.delivery.views.deliveries import address_of
from declarations.handover import services as handover
from declarations.handover.blocking import blocked_persons, whys
from declarations.queries import selectors
from declarations.schema.exceptions import DeclarationError, WrongStateError
from declarations.schema.models import DeclarationFile

PER_PAGE = 25


def look(file: DeclarationFile) -> None:
    """Look whether a made file may still go, for a page that tells it; not while somebody holds it."""
    with suppress(WrongStateError):
        handover.examine(file)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def file_release(request: CareRequest, file: UUID) -> HttpResponse:
    """Let the insurer have a file, after asking."""
    row = selectors.file_for(request.membership, file)
    if request.method != "POST":
        look(row)
        context = {"file": row, "back_url": address_of(row), "export": selectors.export_of(row)}
        return render(request, "declarations/delivery/file_release.html", context)
    try:
        handover.release(file=row, user=request.user)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Het bestand is vrijgegeven. De verzekeraar kan het nu ophalen."))
    return redirect(address_of(row))


@require_POST
@requires(Permission.DECLARE)
def file_again(request: CareRequest, file: UUID) -> HttpResponse:
    """Ask for a blocked file to be made anew, without who may no longer go along."""
    row = selectors.file_for(request.membership, file)
    try:
        job = ask(file=row, membership=request.membership, again=True)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        if job is None:
            messages.success(request, _("Er is niets veranderd: iedereen in dit bestand mag nog mee."))
    return redirect(address_of(row))


@require_GET
@requires(Permission.DECLARE)
def file_blocked(request: CareRequest, file: UUID) -> HttpResponse:
    """Show whose code may no longer go along, each with the reason."""
    row = selectors.file_for(request.membership, file)
    page = Paginator(blocked_persons(row), PER_PAGE).get_page(request.GET.get("page"))
    shown = selectors.clients_among(one.attachment for one in page.object_list)
    access.record(membership=request.membership, action=AccessAction.LISTED, clients=shown)
    context = {"file": row, "back_url": address_of(row), "page": page, "whys": whys(row)}
    return render(request, "declarations/delivery/file_blocked.html", context)
