"""Whether a client's profile may be handed on: consent to the insurer, and objection to all."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.clients import selectors
from care.consent import statements
from care.consent.forms import StatementForm
from care.consent.selectors import standing_statements
from care.forms import accepted, sent
from care.schema.constants import AccessAction, ClientStatement
from care.schema.models import Client, Insurer, User
from care.schema.statements import Consent, Objection


@requires(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "POST"])
def client_sharing(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show what a client said about handing the profile on, and record what the client says now."""
    client = selectors.client_for(request.membership, public_id)
    standing = standing_statements(client)
    form = StatementForm(sent(request), standing=standing)
    if accepted(form, lambda: _record(form, client, request)):
        access.record(membership=request.membership, action=AccessAction.CHANGED, clients=[client])
        return redirect("client-sharing", client.public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[client])
    context = {"form": form, "client": client, "standing": standing}
    return render(request, "care/client_sharing.html", context)


def _record(form: StatementForm, client: Client, request: CareRequest) -> bool:
    """Record what was said, and tell whether anything changed by it: a colleague may have been before."""
    if _said(form, client, request.user) is None:
        messages.warning(request, _("Dat was al zo. Er is niets veranderd."))
    else:
        messages.success(request, _("Vastgelegd."))
    return True


def _said(form: StatementForm, client: Client, user: User) -> Consent | Objection | None:
    day: date = form.cleaned_data["day"]
    statement, uzovi = form.said()
    insurer = get_object_or_404(Insurer, uzovi=uzovi) if uzovi else client.insurer
    match statement:
        case ClientStatement.OBJECTS:
            return statements.record_objection(client=client, day=day, user=user)
        case ClientStatement.OBJECTS_NO_MORE:
            return statements.withdraw_objection(client=client, day=day, user=user)
        case ClientStatement.CONSENTS:
            return statements.record_consent(client=client, insurer=insurer, day=day, user=user)
        case ClientStatement.CONSENTS_NO_MORE:
            return statements.withdraw_consent(client=client, insurer=insurer, day=day, user=user)
