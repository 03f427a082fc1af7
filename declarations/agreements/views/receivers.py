"""The administrator's pages for which insurer receives codes for which; officers see them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.accounts.selectors import organisation_of
from care.consent.receivers import end_receiver, record_receiver
from care.schema.receivers import Receiver
from declarations.agreements import receivers
from declarations.agreements.receiver_forms import ReceiverForm
from declarations.schema.forms import EndForm


@requires(Permission.SEE_GROUND)
@require_GET
def receiver_list(request: CareRequest) -> HttpResponse:
    """Show who receives for whom, and for which pairs somebody is held."""
    organisation = organisation_of(request.membership)
    context = {
        "lines": receivers.lines(organisation, timezone.localdate()),
        "missing": receivers.missing(organisation),
        "can_change": Permission.ADMINISTER in RIGHTS[request.membership.role],
    }
    return render(request, "declarations/agreements/receivers.html", context)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def receiver_add(request: CareRequest) -> HttpResponse:
    """Record that an addressee receives for another insurer."""
    organisation = organisation_of(request.membership)
    asked = {name: request.GET.get(name, "") for name in ("addressee", "insurer")}
    form = ReceiverForm(
        request.POST or None,
        organisation=organisation,
        initial={"valid_from": timezone.localdate()} | asked,
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        record_receiver(
            organisation=organisation,
            addressee=found["addressee"],
            insurer=found["insurer"],
            valid_from=found["valid_from"],
            valid_until=form.valid_until,
        )
        messages.success(request, _("Vastgelegd. Wie daarop wachtte, wordt vanzelf opnieuw nagekeken."))
        return redirect("receiver-list")
    return render(request, "declarations/agreements/receivers_add.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def receiver_end(request: CareRequest, receiver: UUID) -> HttpResponse:
    """Set the last day on which an addressee receives for another insurer."""
    rows = Receiver.objects.select_related("addressee", "insurer")
    row = get_object_or_404(rows, organisation=organisation_of(request.membership), public_id=receiver)
    form = EndForm(request.POST or None, dated=row)
    if request.method == "POST" and form.is_valid():
        end_receiver(receiver=row, valid_until=form.valid_until)
        told = _("Dit geldt tot en met %(day)s.") % {"day": date_format(form.cleaned_data["last_day"])}
        messages.success(request, told)
        return redirect("receiver-list")
    return render(request, "declarations/agreements/receivers_end.html", {"form": form, "receiver": row})
