"""The administrator's page for the phases of the organisation: where it stands, and what is planned."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts import phases
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.phases import ROAD, phases_ahead
from care.accounts.selectors import organisation_of, phase_on, phases_of
from care.schema.constants import Phase
from care.schema.models import PhasePeriod
from declarations.agreements import phase_preview
from declarations.agreements.forms import PhasesForm


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def phase_plan(request: CareRequest) -> HttpResponse:
    """Show the road; plan what is to come, after a look at what that comes to."""
    organisation, today = organisation_of(request.membership), timezone.localdate()
    periods = phases_of(organisation)
    form = _form(request, periods, phases_ahead(organisation, today), today)
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            phases.plan_phases(
                organisation=organisation, starts=form.starts(), today=today, user=request.user
            )
            messages.success(request, _("De planning is vastgelegd."))
            return redirect("phase-plan")
        steps = phase_preview.steps(organisation, form.starts())
        context = {"form": form, "steps": steps, "dropped": _dropped(periods, form.starts(), today)}
        return render(request, "declarations/agreements/phases_preview.html", context)
    now = phase_on(organisation, today)
    context = {"form": form, "road": _road(periods, now, today), "now": now}
    return render(request, "declarations/agreements/phases.html", context)


def _form(
    request: CareRequest, periods: list[PhasePeriod], ahead: tuple[Phase, ...], today: date
) -> PhasesForm:
    begun = [period.valid_from for period in periods if period.valid_from <= today]
    planned = {period.phase: period.valid_from for period in periods if period.valid_from > today}
    return PhasesForm(
        request.POST if request.method == "POST" else None,
        ahead=ahead,
        today=today,
        since=max(begun, default=None),
        initial=planned,
    )


@dataclass(frozen=True, slots=True)
class RoadStep:
    """A phase, since when or from when, and whether it is past, now, planned or still open."""

    phase: Phase
    period: PhasePeriod | None
    status: str


def _road(periods: list[PhasePeriod], now: Phase, today: date) -> list[RoadStep]:
    begins = {Phase(period.phase): period for period in periods}
    return [
        RoadStep(phase, begins.get(phase), _status(phase, begins.get(phase), now, today)) for phase in ROAD
    ]


def _status(phase: Phase, period: PhasePeriod | None, now: Phase, today: date) -> str:
    if phase == now:
        return "current"
    if ROAD.index(phase) < ROAD.index(now):
        return "ended"
    return "queued" if period is not None and period.valid_from > today else "none"


def _dropped(periods: list[PhasePeriod], starts: dict[Phase, date | None], today: date) -> list[PhasePeriod]:
    """Return what was planned and is so no more."""
    ahead = [period for period in periods if period.valid_from > today]
    return [period for period in ahead if starts.get(Phase(period.phase)) is None]
