"""The officer's pages for what happens after a file was made: handed over, and sent once more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from declarations.delivery import deliveries
from declarations.delivery.forms import DeliveryDetailsForm
from declarations.handover.blocking import blocked_at
from declarations.matching import corrections
from declarations.queries import selectors
from declarations.schema.constants import FileKind, Handover
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import DeclarationFile


def address_of(file: DeclarationFile) -> str:
    """Return where a file is shown: one of profile records only has a page of its own."""
    name = "apart-page" if file.kind == FileKind.SEPARATE else "file-page"
    return reverse(name, args=[file.public_id])


@require_http_methods(["GET", "POST"])
@requires(Permission.DECLARE)
def file_delivered(request: CareRequest, file: UUID) -> HttpResponse:
    """Write down when a file was handed over to the insurer."""
    row = selectors.file_for(request.membership, file)
    form = DeliveryDetailsForm(request.POST or None)
    if form.is_valid():
        try:
            deliveries.record_delivery(file=row, user=request.user, **form.cleaned_data)
        except DeclarationError as refusal:
            form.add_error("delivered_at", refusal.sentence)
        else:
            messages.success(request, _("Vastgelegd dat het bestand is aangeleverd."))
            return redirect(address_of(row))
    context = {
        "form": form,
        "file": row,
        "back_url": address_of(row),
        "blocked_at": blocked_at(row) if row.handover == Handover.BLOCKED else None,
    }
    return render(request, "declarations/delivery/file_delivered.html", context)


@require_POST
@requires(Permission.DECLARE)
def item_send_again(request: CareRequest, item: UUID) -> HttpResponse:
    """Let a record that came back go along in the next separate file."""
    row = selectors.item_for(request.membership, item)
    try:
        corrections.send_again(item=row)
    except DeclarationError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("De profielregel gaat mee in het volgende aparte bestand."))
    return redirect("queue-item", row.public_id)
