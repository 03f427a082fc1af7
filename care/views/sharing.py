"""Whether a client's profile may be handed on: consent to the insurer, and objection to all."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care import access, selectors, services
from care.constants import AccessAction, Statement
from care.forms import accepted, sent
from care.forms.clients import StatementForm
from care.middleware import CareRequest
from care.models import Client, User
from care.permissions import Right, requires


@requires(Right.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_sharing(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show what a client said about handing the profile on, and record what the client says now."""
    client = selectors.client_for(request.membership, public_id)
    standing = selectors.standing_statements(client)
    form = StatementForm(sent(request), standing=standing)
    if accepted(form, lambda: _record(form, client, request.user)):
        access.record(membership=request.membership, action=AccessAction.CHANGED, clients=[client])
        messages.success(request, _("Vastgelegd."))
        return redirect("client-sharing", client.public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[client])
    context = {"form": form, "client": client, "standing": standing}
    return render(request, "care/client_sharing.html", context)


def _record(form: StatementForm, client: Client, user: User) -> bool:
    day: date = form.cleaned_data["day"]
    match Statement(form.cleaned_data["statement"]):
        case Statement.OBJECTS:
            services.record_objection(client=client, day=day, user=user)
        case Statement.OBJECTS_NO_MORE:
            services.withdraw_objection(client=client, day=day, user=user)
        case Statement.CONSENTS:
            services.record_consent(client=client, insurer=client.insurer, day=day, user=user)
        case Statement.CONSENTS_NO_MORE:
            services.withdraw_consent(client=client, insurer=client.insurer, day=day, user=user)
    return True
