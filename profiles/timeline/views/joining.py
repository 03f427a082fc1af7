"""Joining two records of one person: found by the BSN of the other, seen side by side, confirmed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.clients.event_forms import OtherRecordForm
from care.forms import accepted, sent
from care.schema.constants import AccessAction
from profiles.timeline import joining
from profiles.timeline.forms import JoinForm


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def choose(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Ask for the BSN of the other record of the same person."""
    (client,) = joining.records_for(request.membership, public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[client])
    form = OtherRecordForm(sent(request), client=client)
    if form.is_valid():
        return redirect("client-join", client.public_id, form.other.public_id)
    return render(request, "profiles/join_choose.html", {"form": form, "client": client})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def confirm(request: CareRequest, public_id: UUID, stays: UUID) -> HttpResponse:
    """Show both records and what follows; join them once that is confirmed."""
    gone, staying = joining.records_for(request.membership, public_id, stays)
    proposal = joining.proposal(gone=gone, stays=staying)
    form = JoinForm(sent(request), proposal=proposal)
    joined = accepted(
        form,
        lambda: joining.join(gone=gone, stays=staying, by=request.membership, choices=form.choices()),
    )
    if joined is not None:
        messages.success(request, _("De dossiers zijn samengevoegd."))
        return redirect("client-edit", joined.public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[gone, staying])
    return render(request, "profiles/join_confirm.html", {"form": form, "proposal": proposal})
