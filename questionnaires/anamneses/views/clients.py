"""Changing a client, and taking one back into care: what happens to care happens to open drafts too."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.audit import access
from care.clients import registration, selectors
from care.clients.event_forms import ReturnForm
from care.clients.forms import ClientForm
from care.clients.views import way_on
from care.forms import accepted, sent
from care.schema.constants import AccessAction
from care.schema.models import Client, Membership
from questionnaires.anamneses.discharge import follow_care


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_edit(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Change a client of one of one's teams."""
    membership = request.membership
    client = selectors.client_for(membership, public_id)
    name = client.name
    form = ClientForm(sent(request), membership=membership, client=client)
    if accepted(
        form, lambda: registration.update_client(client=client, details=form.details(), by=membership)
    ):
        follow_care(client=client, day=localdate())
        messages.success(request, _("De gegevens zijn opgeslagen."))
        return redirect(_way_on(membership, client))
    access.record(membership=membership, action=AccessAction.VIEWED, clients=[client])
    can_join = Permission.ADMINISTER in RIGHTS[membership.role]
    context = {
        "form": form,
        "client": client,
        "name": name,
        "back": way_on(membership, client),
        "can_join": can_join,
        "other_record": form.other_record if can_join else None,
        "has_left": not client.is_in_care(localdate()) and client.in_care_until is not None,
    }
    return render(request, "care/client_form.html", context)


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_return(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Take a client who left back into care; file and history stay."""
    membership = request.membership
    client = selectors.client_for(membership, public_id)
    form = ReturnForm(sent(request), membership=membership, client=client)
    if accepted(form, lambda: _return(form, client, membership)):
        follow_care(client=client, day=localdate())
        messages.success(request, _("De cliënt is weer in zorg. Wat er was, is er nog."))
        return redirect(_way_on(membership, client))
    access.record(membership=membership, action=AccessAction.VIEWED, clients=[client])
    context = {"form": form, "client": client, "back": way_on(membership, client)}
    return render(request, "questionnaires/client_return.html", context)


def _return(form: ReturnForm, client: Client, membership: Membership) -> Client:
    return registration.return_to_care(
        client=client,
        day=form.cleaned_data["day"],
        team_id=form.cleaned_data["team"].pk,
        insurer_id=form.cleaned_data["insurer"].pk,
        by=membership,
    )


def _way_on(membership: Membership, client: Client) -> str:
    """Return to the client, unless the change has just taken the client out of this person's sight."""
    visible = selectors.clients_of(membership).filter(pk=client.pk).exists()
    return way_on(membership, client if visible else None)
