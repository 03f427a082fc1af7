"""The administrator's pages for figures: see what an insurer would see, and release it."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.schema.models import Insurer
from declarations.agreements import services
from declarations.insurers import figures
from declarations.schema.forms import ReferenceDayForm, ReleaseForm

PER_PAGE = 25


@requires(Permission.ADMINISTER)
@require_GET
def release_list(request: CareRequest) -> HttpResponse:
    """Show whom figures can be released to, and what was released before."""
    organisation = organisation_of(request.membership)
    page = Paginator(figures.releases_of(organisation), PER_PAGE).get_page(request.GET.get("page"))
    context = {"insurers": services.insurers_of(organisation), "page": page}
    return render(request, "declarations/insurers/figures.html", context)


@requires(Permission.ADMINISTER)
@require_GET
def release_preview(request: CareRequest, insurer: UUID) -> HttpResponse:
    """Show exactly what an insurer would see of a day, before it is released."""
    organisation, to = organisation_of(request.membership), get_object_or_404(Insurer, public_id=insurer)
    today = timezone.localdate()
    day_form = ReferenceDayForm(request.GET if "day" in request.GET else {"day": today})
    context = {"insurer": to, "day_form": day_form}
    if day_form.is_valid():
        day = day_form.cleaned_data["day"]
        preview = figures.preview(organisation=organisation, insurer=to, day=day)
        context |= {
            "preview": preview,
            "release": preview.release,
            "counts": figures.counts_of(preview.release),
            "models": figures.models_of(preview.release),
            "refusal": figures.refusal(organisation=organisation, insurer=to, day=day),
            "form": ReleaseForm(initial={"day": day, "seen": preview.seen}),
        }
    return render(request, "declarations/insurers/figures_release.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def release_make(request: CareRequest, insurer: UUID) -> HttpResponse:
    """Release what was looked at; back to looking when that cannot be."""
    organisation, to = organisation_of(request.membership), get_object_or_404(Insurer, public_id=insurer)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Zet een vinkje als je de cijfers hebt bekeken."))
        return _back_to_preview(to, form.cleaned_data.get("day"))
    try:
        figures.release(
            organisation=organisation,
            insurer=to,
            day=form.cleaned_data["day"],
            seen=form.cleaned_data["seen"],
            released_by=request.user,
        )
    except figures.ReleaseRefusedError as refused:
        messages.error(request, str(refused))
        return _back_to_preview(to, form.cleaned_data["day"])
    messages.success(request, _("De cijfers zijn vrijgegeven aan %(insurer)s.") % {"insurer": to.name})
    return redirect("release-list")


def _back_to_preview(insurer: Insurer, day: date | None) -> HttpResponse:
    address = reverse("release-preview", args=[insurer.public_id])
    return redirect(f"{address}?{urlencode({'day': day})}" if day else address)
