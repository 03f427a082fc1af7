"""What tablets say of themselves, and the team lead's page about it."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from care.middleware import CareRequest
from care.permissions import Right, requires
from questionnaires import devices
from questionnaires.payload import PayloadError
from questionnaires.views.in_json import error, in_json


@in_json
@requires(Right.FILL_ANAMNESE)
@require_http_methods(["PUT"])
def report(request: CareRequest, public_id: UUID) -> JsonResponse:
    """Keep what a tablet says of itself: `unsent`, `since`, `storage`, `clock`, `version`."""
    try:
        said = devices.read_report(request.body)
    except PayloadError:
        return error("unreadable", _("Dit is niet goed aangekomen. Probeer het opnieuw."), 400)
    devices.report_device(membership=request.membership, public_id=public_id, report=said)
    return JsonResponse({"id": str(public_id)})


@requires(Right.SEE_TEAM)
@require_safe
def device_list(request: CareRequest) -> HttpResponse:
    """Show the tablets of the team's nurses, those with work that waits first."""
    at = now()
    listed = [
        (device, devices.troubles_of(device, at=at)) for device in devices.devices_for(request.membership)
    ]
    return render(request, "questionnaires/device_list.html", {"devices": listed})
