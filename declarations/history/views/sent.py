"""What of a client went already: for the nurse at the client, for officers over everybody who stopped it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.clients import selectors as care
from care.consent.selectors import standing_statements
from care.schema.constants import AccessAction
from declarations.history.sent import sent_of, stopped

PER_PAGE = 25


@require_GET
@requires(Permission.SEE_PROFILES)
def client_sent(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show what of a client went to insurers."""
    client = care.client_for(request.membership, public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=[client])
    standing = standing_statements(client)
    context = {"client": client, "sent": sent_of([client.pk]).get(client.pk, []), "standing": standing}
    return render(request, "declarations/history/client_sent.html", context)


@require_GET
@requires(Permission.SEE_GROUND)
def stopped_list(request: CareRequest) -> HttpResponse:
    """Show who stopped the sending of codes, and what went before."""
    lines = stopped(organisation_of(request.membership))
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    clients = {line.client.pk for line in page.object_list}
    access.record(membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=clients)
    sent = sent_of(clients)
    shown = [(line, sent.get(line.client.pk, [])) for line in page.object_list]
    return render(request, "declarations/history/stopped.html", {"page": page, "shown": shown})
