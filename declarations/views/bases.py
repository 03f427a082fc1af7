"""The administrator's pages for legal bases and agreements: may codes go to an insurer, and do they?"""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from care import services
from care.constants import BasisKind
from care.middleware import CareRequest
from care.models import Insurer, LegalBasis, Organisation
from care.permissions import Right, requires
from declarations import agreements
from declarations.forms_exchange import BasisEndForm, BasisForm, SendingForm


def organisation_of(request: CareRequest) -> Organisation:
    """Return the organisation that the active membership is of. Raises Http404 for an insurer's."""
    organisation = request.membership.organisation
    if organisation is None:
        raise Http404
    return organisation


@requires(Right.ADMINISTER)
@require_GET
def basis_list(request: CareRequest) -> HttpResponse:
    """Show, per insurer, the bases, the agreement, and what follows from them today."""
    organisation = organisation_of(request)
    overview = agreements.overview(organisation=organisation, today=timezone.localdate())
    return render(request, "declarations/bases.html", {"overview": overview})


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def basis_add(request: CareRequest) -> HttpResponse:
    """Record a legal basis; whether codes are sent stays as it is."""
    organisation = organisation_of(request)
    form = BasisForm(
        request.POST or None, organisation=organisation, initial={"valid_from": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        services.record_legal_basis(
            organisation=organisation,
            insurer=form.cleaned_data["insurer"],
            reference=form.cleaned_data["reference"],
            valid_from=form.cleaned_data["valid_from"],
            valid_until=form.valid_until,
            kind=BasisKind(form.cleaned_data["kind"]),
        )
        messages.success(request, _("De grondslag is vastgelegd. Kijk hieronder of verzenden aan staat."))
        return redirect("basis-list")
    return render(request, "declarations/bases_add.html", {"form": form})


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def basis_end(request: CareRequest, basis: UUID) -> HttpResponse:
    """Set the last day of a legal basis."""
    row = get_object_or_404(
        LegalBasis.objects.select_related("insurer"), organisation=organisation_of(request), public_id=basis
    )
    form = BasisEndForm(request.POST or None, basis=row)
    if request.method == "POST" and form.is_valid():
        services.end_legal_basis(basis=row, valid_until=form.valid_until)
        messages.success(
            request,
            _("De grondslag geldt tot en met %(day)s.") % {"day": date_format(form.cleaned_data["last_day"])},
        )
        return redirect("basis-list")
    return render(request, "declarations/bases_end.html", {"form": form, "basis": row})


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def agreement_change(request: CareRequest, insurer: UUID) -> HttpResponse:
    """Switch sending on to an insurer on or off from a day on."""
    organisation, to = organisation_of(request), get_object_or_404(Insurer, public_id=insurer)
    now = agreements.in_force(organisation=organisation, insurer=to, day=timezone.localdate())
    is_on = now is not None and now.sending
    form = SendingForm(
        request.POST or None,
        initial={"sending": "uit" if is_on else "aan", "valid_from": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        agreements.switch(organisation=organisation, insurer=to, **form.cleaned_data)
        messages.success(request, _switched(to, **form.cleaned_data))
        return redirect("basis-list")
    return render(
        request, "declarations/bases_sending.html", {"form": form, "insurer": to, "now": now, "is_on": is_on}
    )


def _switched(insurer: Insurer, *, sending: bool, valid_from: date) -> str:
    sentence = (
        _("Vanaf %(day)s staat verzenden naar %(insurer)s aan. Zonder grondslag wordt niets toegevoegd.")
        if sending
        else _("Vanaf %(day)s staat verzenden naar %(insurer)s uit. Er wordt dan niets toegevoegd.")
    )
    return sentence % {"day": date_format(valid_from), "insurer": insurer.name}
