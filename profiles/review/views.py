"""What a team lead looks at: who has no valid profile, and how the profiles are spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import teams_of
from care.audit import access
from care.schema.constants import AccessAction
from profiles.explanation.charts import PopulationGrid, population_grid
from profiles.review.differences import TOLD_DAYS, differences_for
from profiles.timeline import caseload
from profiles.timeline.selectors import models_on
from profiles.timeline.states import ProfileState
from profiles.timeline.versions import model_of
from questionnaires.anamneses.selectors import active_seconds_of
from questionnaires.tablet.devices import count_waiting_long

#: How far back the time of filling in is counted, and from how many one cannot tell whose it was.
MEASURED_DAYS, LEAST_MEASURED = 90, 5
#: Of each state; the rest is one tap away, in the list of clients.
PER_STATE = 25


@dataclass(frozen=True, slots=True)
class WaitingForLead:
    """The clients in one state that need attention: the first of them, and how many there are."""

    shown: list[caseload.Case]
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self.shown)


@requires(Permission.SEE_TEAM)
@require_http_methods(["GET", "HEAD"])
def overview(request: CareRequest) -> HttpResponse:
    """Show the clients that need attention, most urgent first, and the spread of the profiles in force."""
    today = localdate()
    cases = caseload.cases_of(request.membership, day=today)
    waiting = {
        state.value: _waiting(cases, state) for state in ProfileState if state is not ProfileState.CURRENT
    }
    access.record(
        membership=request.membership,
        action=AccessAction.LISTED,
        clients=[case.client for found in waiting.values() for case in found.shown],
    )
    context = {
        "teams": list(teams_of(request.membership).order_by("name")),
        "total": len(cases),
        "several_teams": caseload.are_of_several_teams(cases),
        "counts": caseload.count_by_state(cases),
        "waiting": waiting,
        "busy": _busy(cases, today),
        "devices_waiting": count_waiting_long(request.membership, at=now()),
        "differences": differences_for(request.membership, day=today).count(),
        "grids": _grids(caseload.count_by_code(cases), today),
    }
    return render(request, "profiles/team_overview.html", context)


@requires(Permission.SEE_TEAM)
@require_http_methods(["GET", "HEAD"])
def differences(request: CareRequest) -> HttpResponse:
    """Show every profile of late that a tablet derived otherwise than the server."""
    found = list(differences_for(request.membership, day=localdate()))
    access.record(
        membership=request.membership,
        action=AccessAction.LISTED,
        clients=[difference.profile.client for difference in found],
    )
    return render(request, "profiles/differences.html", {"differences": found, "days": TOLD_DAYS})


def _busy(cases: list[caseload.Case], today: date) -> int | None:
    """The median of the seconds that filling in took; None while there are few."""
    clients = [case.client.pk for case in cases]
    found = active_seconds_of(clients, since=today - timedelta(days=MEASURED_DAYS))
    return round(median(found)) if len(found) >= LEAST_MEASURED else None


def _grids(counts: Mapping[str, int], today: date) -> list[PopulationGrid]:
    """The spread over the codes of the model of today, and of those before that clients still have."""
    newest, *earlier = (model_of(version) for version in models_on(today))
    codes = [(each, each.labels.keys() - newest.labels) for each in earlier]
    still = [each for each, own in codes if any(counts.get(code) for code in own)]
    return [population_grid(counts, model) for model in (newest, *still)]


def _waiting(cases: list[caseload.Case], state: ProfileState) -> WaitingForLead:
    found = caseload.in_states(cases, [state])
    return WaitingForLead(found[:PER_STATE], len(found))
