"""What tablets say of themselves, and the pages on which a lead or administrator decides about them."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import TypeAdapter

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, open_to_tokens, requires
from care.registries.menu import links_of
from care.strict_json import Text, UnreadableJsonError, read_shape
from questionnaires.anamneses.forms import DeviceForm
from questionnaires.schema.device_models import Device, DeviceState
from questionnaires.schema.payload import PayloadError
from questionnaires.tablet import device_access, devices, keys
from questionnaires.tablet.device_access import Contact, DeviceStepError, UnknownDeviceError
from questionnaires.tablet.views.in_json import error, in_json


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a tablet asks when nobody is logged in: by whose token, and whether it wiped itself."""

    organisation: UUID
    nurse: UUID
    token: Text
    wiped: object = None


_ASKED = TypeAdapter(_Asked)


@in_json
@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["PUT"])
def report(request: CareRequest, public_id: UUID) -> JsonResponse:
    """Keep what a tablet says of itself: `unsent`, `since`, `storage`, `clock`, `version`, and maybe `name`.

    It hears what was decided about it, and by which token it can ask so when nobody is logged in.
    """
    try:
        said = devices.read_report(request.body)
    except PayloadError:
        return error("unreadable", _("Dit is niet goed aangekomen. Probeer het opnieuw."), 400)
    device = devices.report_device(membership=request.membership, public_id=public_id, report=said)
    token = keys.contact_token(request.membership, public_id)
    return JsonResponse({"id": str(public_id), "state": device.state, "name": device.name, "token": token})


@csrf_exempt
@in_json
@open_to_tokens
@require_POST
def standing(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Tell a tablet how it stands, by its token: `{"organisation", "nurse", "token", "wiped"}`.

    `{"state": …, "access": true | false}`; 401 for what is unknown. With `wiped` it says that it has wiped
    itself as it was asked to.
    """
    try:
        asked = read_shape(request.body, _ASKED)
        contact = Contact(public_id, asked.organisation, asked.nurse, asked.token)
        if asked.wiped is True:
            device_access.confirm_wiped(contact)
        stands = device_access.standing(contact)
    except (UnreadableJsonError, UnknownDeviceError):
        return error("unknown_device", _("Dit toestel is niet bekend."), 401)
    return JsonResponse({"state": stands.state.value, "access": stands.has_access})


@requires(Permission.MANAGE_DEVICES)
@require_safe
def device_list(request: CareRequest) -> HttpResponse:
    """Show the tablets of the team's nurses, those with work that waits first."""
    at = now()
    listed = [
        (device, devices.troubles_of(device, at=at), devices.lease_end(device))
        for device in devices.devices_for(request.membership)
    ]
    first = links_of(request.membership.role)[0]
    context = {"devices": listed, "at": at, "back_name": first.name, "back_label": first.label}
    return render(request, "questionnaires/device_list.html", context)


@requires(Permission.MANAGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def device_page(request: CareRequest, page_id: UUID) -> HttpResponse:
    """Show one tablet with its history, and give it a name."""
    device = devices.device_for(request.membership, page_id)
    form = DeviceForm(request.POST or None, initial={"name": device.name})
    if request.method == "POST" and form.is_valid():
        device_access.rename(device=device, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("De naam is opgeslagen."))
        return redirect("device-page", page_id)
    return render(request, "questionnaires/device_page.html", _shown(device, form))


@requires(Permission.MANAGE_DEVICES)
@require_POST
def device_decide(request: CareRequest, page_id: UUID, state: str) -> HttpResponse:
    """Decide about a tablet: revoke it, wipe it, or take that back."""
    device = devices.device_for(request.membership, page_id)
    try:
        device_access.decide(device=device, state=DeviceState(state), by=request.user)
    except (DeviceStepError, ValueError):
        messages.warning(request, _("Dat kan bij dit toestel niet (meer)."))
    else:
        messages.success(request, _("Dit geldt zodra het toestel weer contact heeft."))
    return redirect("device-page", page_id)


@requires(Permission.MANAGE_DEVICES)
@require_POST
def device_put_away(request: CareRequest, page_id: UUID) -> HttpResponse:
    """Take a tablet that does not come back out of the list."""
    device = devices.device_for(request.membership, page_id)
    device_access.put_away(device=device, by=request.user)
    messages.success(
        request, _("Het toestel staat niet meer in de lijst. Meldt het zich weer, dan komt het terug.")
    )
    return redirect("device-list")


def _shown(device: Device, form: DeviceForm) -> dict[str, object]:
    state = DeviceState(device.state)
    return {
        "device": device,
        "form": form,
        "troubles": devices.troubles_of(device, at=now()),
        "lease_end": devices.lease_end(device),
        "can": {step.value for step in device_access.STEPS[state]},
        "events": device.events.select_related("user").order_by("-at", "-id"),
    }
