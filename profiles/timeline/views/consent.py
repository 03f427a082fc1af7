"""Recording on the client's page whether the client allows or objects to handing the profile code on."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.clients import selectors as care
from care.consent import statements
from care.registries.places import Place, address
from care.schema.constants import AccessAction
from care.schema.models import Client, Insurer


@requires(Permission.FILL_ANAMNESE)
@require_POST
def objection(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Record an objection from today on, or take it back."""

    def record(client: Client) -> str:
        if "withdraw" not in request.POST:
            statements.record_objection(client=client, day=localdate(), user=request.user)
            return _("Het bezwaar is vastgelegd. De profielcode gaat niet naar de zorgverzekeraar.")
        if statements.withdraw_objection(client=client, day=localdate(), user=request.user) is None:
            raise ValidationError(_("Er stond geen bezwaar meer. Er is niets veranderd."))
        return _("Het bezwaar is ingetrokken.")

    return _recorded(request, public_id, record, stops="withdraw" not in request.POST)


@requires(Permission.FILL_ANAMNESE)
@require_POST
def consent(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Record consent for an insurer from today on, or its withdrawal; the client's own unless named."""

    def record(client: Client) -> str:
        insurer = _insurer(request, client)
        about = {"insurer": insurer.name}
        if "withdraw" not in request.POST:
            statements.record_consent(client=client, insurer=insurer, day=localdate(), user=request.user)
            return _("De toestemming voor %(insurer)s is vastgelegd.") % about
        if (
            statements.withdraw_consent(client=client, insurer=insurer, day=localdate(), user=request.user)
            is None
        ):
            raise ValidationError(
                _("Er stond geen toestemming voor %(insurer)s. Er is niets ingetrokken.") % about
            )
        return _("De toestemming voor %(insurer)s is ingetrokken.") % about

    return _recorded(request, public_id, record, stops="withdraw" in request.POST)


def _insurer(request: CareRequest, client: Client) -> Insurer:
    """Return the insurer that the form is about: a consent outlives the insurance."""
    uzovi = request.POST.get("insurer", "")
    return get_object_or_404(Insurer, uzovi=uzovi) if uzovi else client.insurer


def _recorded(
    request: CareRequest, public_id: UUID, record: Callable[[Client], str], *, stops: bool
) -> HttpResponse:
    """Record, and go back to the client; where that stops the sending, to what was sent before."""
    client = care.client_for(request.membership, public_id)
    try:
        messages.success(request, record(client))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        stops = False
    access.record(membership=request.membership, action=AccessAction.CHANGED, clients=[client])
    return redirect(address(Place.CLIENT_DISCLOSURES if stops else Place.CLIENT, client.public_id))
