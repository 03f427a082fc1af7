"""Adding and finding clients by form; changing one touches open drafts, see questionnaires."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.clients import registration, selectors
from care.clients.forms import ClientForm, ClientSearchForm
from care.forms import accepted, sent
from care.registries.places import Place, address
from care.schema.constants import AccessAction, Role
from care.schema.models import Client, Membership

MOST_FOUND = 50


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_add(request: CareRequest) -> HttpResponse:
    """Add a client to one of one's teams."""
    membership = request.membership
    form = ClientForm(sent(request), membership=membership)
    client = accepted(form, lambda: registration.create_client(details=form.details(), by=membership))
    if client:
        messages.success(request, _("De cliënt is toegevoegd."))
        return redirect(way_on(membership, client))
    return render(request, "care/client_form.html", {"form": form, "back": way_on(membership)})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def client_register(request: CareRequest) -> HttpResponse:
    """Find a client of the organisation by BSN or date of birth; what is looked for stays in the body."""
    form = ClientSearchForm(sent(request))
    found = accepted(form, lambda: _found(form, request.membership))
    if found is not None:
        access.record(membership=request.membership, action=AccessAction.LISTED, clients=found)
    context = {"form": form, "found": found, "is_cut": found is not None and len(found) == MOST_FOUND}
    return render(request, "care/client_register.html", context)


def _found(form: ClientSearchForm, membership: Membership) -> list[Client]:
    organisation = organisation_of(membership)
    if form.bsn_typed:
        client = selectors.client_by_bsn(organisation.pk, form.bsn_typed)
        return [client] if client else []
    assert form.day_typed  # noqa: S101 - the form asks for one of the two
    return selectors.clients_born_on(organisation.pk, form.day_typed, at_most=MOST_FOUND)


def way_on(membership: Membership, client: Client | None = None) -> str:
    """Return where somebody goes on: to the client, or where one finds clients."""
    if membership.role == Role.ADMINISTRATOR:
        return reverse("client-register")
    return address(Place.CLIENT, client.public_id) if client else address(Place.CLIENTS)
