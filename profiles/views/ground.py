"""Recording on the client's page whether the client allows or objects to handing the profile code on."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from care import access, services
from care import selectors as care
from care.constants import AccessAction
from care.middleware import CareRequest
from care.models import Client
from care.permissions import Right, requires


@requires(Right.FILL_ANAMNESE)
@require_POST
def objection(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Record an objection from today on, or take it back."""

    def record(client: Client) -> str:
        if "withdraw" in request.POST:
            services.withdraw_objection(client=client, day=localdate(), user=request.user)
            return _("Het bezwaar is ingetrokken.")
        services.record_objection(client=client, day=localdate(), user=request.user)
        return _("Het bezwaar is vastgelegd. De profielcode gaat niet naar de zorgverzekeraar.")

    return _recorded(request, public_id, record, stops="withdraw" not in request.POST)


@requires(Right.FILL_ANAMNESE)
@require_POST
def consent(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Record consent for the client's insurer from today on, or its withdrawal."""

    def record(client: Client) -> str:
        if "withdraw" in request.POST:
            services.withdraw_consent(
                client=client, insurer=client.insurer, day=localdate(), user=request.user
            )
            return _("De toestemming is ingetrokken.")
        services.record_consent(client=client, insurer=client.insurer, day=localdate(), user=request.user)
        return _("De toestemming is vastgelegd.")

    return _recorded(request, public_id, record, stops="withdraw" in request.POST)


def _recorded(
    request: CareRequest, public_id: UUID, record: Callable[[Client], str], *, stops: bool
) -> HttpResponse:
    """Record, and go back to the client; where that stops the sending, to what was sent before."""
    client = care.client_for(request.membership, public_id)
    try:
        messages.success(request, record(client))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    access.record(membership=request.membership, action=AccessAction.CHANGED, clients=[client])
    return redirect("client-sent" if stops else "client-page", client.public_id)
