"""For nurses and team leads: where a profile went, without amounts."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from declarations.history.audit_trail import trail_of
from profiles.timeline.selectors import profile_for


@require_GET
@requires(Permission.SEE_PROFILES)
def profile_trail(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show where a profile went: files, records, times and people."""
    profile = profile_for(request.membership, public_id)
    access.record(
        membership=request.membership, action=AccessAction.VIEWED_DECLARATION, clients=[profile.client]
    )
    context = {"profile": profile, "client": profile.client, "trail": trail_of(profile)}
    return render(request, "declarations/history/trail.html", context)
