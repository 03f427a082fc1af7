"""The administrator's page for the invoice numbers of separate files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.forms import accepted, sent
from declarations.delivery import invoice_numbers
from declarations.delivery.forms import PrefixForm


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def number_series(request: CareRequest) -> HttpResponse:
    """Show how far the series is and which files of others look like it; change what numbers begin with."""
    organisation = organisation_of(request.membership)
    prefix = invoice_numbers.prefix_of(organisation)
    form = PrefixForm(sent(request), initial={"number_prefix": prefix})
    if accepted(form, lambda: _choose(request, form)):
        messages.success(
            request, _("Opgeslagen. Het volgende aparte bestand krijgt een nummer uit deze reeks.")
        )
        return redirect("number-series")
    context = {
        "form": form,
        "prefix": prefix,
        "example": f"{prefix}{timezone.localdate():%Y}000001",
        "series": invoice_numbers.last_numbers(organisation),
        "clashes": invoice_numbers.clashes(organisation),
    }
    return render(request, "declarations/delivery/number_series.html", context)


def _choose(request: CareRequest, form: PrefixForm) -> bool:
    invoice_numbers.choose_prefix(
        organisation=organisation_of(request.membership),
        prefix=form.cleaned_data["number_prefix"],
        user=request.user,
    )
    return True
