"""The privacy officer's page: who took files and figures away."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from declarations.insurers import disclosures

PER_PAGE = 50


@requires(Permission.READ_ACCESS_LOG)
@require_GET
def download_log(request: CareRequest) -> HttpResponse:
    """Show everything that left the organisation, newest first."""
    rows = disclosures.of_organisation(organisation_of(request.membership))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "declarations/insurers/downloads.html", {"page": page})
