"""A client who died, or did not: asked by a declaration file, told by a colleague, or a mistake."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.clients import deaths, selectors
from care.clients.event_forms import DeathForm
from care.clients.views import way_on
from care.forms import accepted, sent
from care.schema.constants import AccessAction
from care.schema.death_notices import NoticeState
from care.schema.models import Client
from questionnaires.anamneses.discharge import follow_care


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_death(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Ask for the day on which a client died; of one who did, say so, with a way back."""
    membership = request.membership
    client = selectors.client_for(membership, public_id)
    form = DeathForm(sent(request), client=client)
    if accepted(form, lambda: _record(request, client, form)):
        messages.success(request, _("Het overlijden is vastgelegd. De zorg eindigt daarmee."))
        return redirect(way_on(membership, client))
    access.record(membership=membership, action=AccessAction.VIEWED, clients=[client])
    notice = selectors.last_death_notice(client)
    context = {
        "form": form,
        "client": client,
        "notice": notice,
        "is_asked": notice is not None and notice.state == NoticeState.OPEN,
        "back": way_on(membership, client),
    }
    return render(request, "questionnaires/client_death.html", context)


def _record(request: CareRequest, client: Client, form: DeathForm) -> Client:
    died = deaths.record_death(client=client, died_on=form.cleaned_data["died_on"], by=request.membership)
    follow_care(client=died, day=localdate())
    return died


@requires(Permission.EDIT_CLIENTS)
@require_POST
def client_lives(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Put away what a file says: the client did not die."""
    client = selectors.client_for(request.membership, public_id)
    if deaths.deny_death(client=client, by=request.membership):
        messages.success(request, _("Weggelegd. Dit bestand en oudere vragen het niet meer."))
    return redirect(way_on(request.membership, client))


@requires(Permission.EDIT_CLIENTS)
@require_POST
def client_death_undo(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Take back a death that was recorded by mistake: care goes on, and so do the drafts."""
    client = selectors.client_for(request.membership, public_id)
    follow_care(client=deaths.take_back_death(client=client, by=request.membership), day=localdate())
    messages.success(request, _("Teruggedraaid. De zorg loopt weer zoals daarvoor."))
    return redirect(way_on(request.membership, client))
