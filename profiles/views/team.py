"""What a team lead looks at: who has no valid profile, and how the profiles are spread."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from care import access
from care import selectors as care
from care.constants import AccessAction
from care.middleware import CareRequest
from care.permissions import Right, requires
from profiles import caseload
from profiles.pictures import population_grid
from profiles.selectors import model_on
from profiles.states import State
from profiles.versions import model_of


@requires(Right.SEE_TEAM)
@require_http_methods(["GET", "HEAD"])
def overview(request: CareRequest) -> HttpResponse:
    """Show the clients that need attention, most urgent first, and the spread of the profiles in force."""
    today = localdate()
    cases = caseload.cases_of(request.membership, day=today)
    waiting = [(state, caseload.in_states(cases, [state])) for state in State if state is not State.CURRENT]
    access.record(
        membership=request.membership,
        action=AccessAction.LISTED,
        clients=[case.client for _state, found in waiting for case in found],
    )
    context = {
        "teams": list(care.teams_of(request.membership).order_by("name")),
        "total": len(cases),
        "counts": caseload.count_by_state(cases),
        "waiting": dict(waiting),
        "grid": population_grid(caseload.count_by_code(cases), model_of(model_on(today))),
    }
    return render(request, "profiles/team_overview.html", context)
