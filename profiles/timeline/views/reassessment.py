"""At whom it is time to look again, the calendar of what is to come, and what happened to a client."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.audit import access
from care.clients import selectors as care
from care.schema.constants import AccessAction
from care.schema.models import Client
from profiles.schema.constants import EventKind
from profiles.timeline import events, reassessment
from profiles.timeline.forms import EventForm

#: The calendar goes back to this week and no further ahead than a profile can be planned.
FURTHEST = timedelta(days=5 * 366)


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def due_list(request: CareRequest) -> HttpResponse:
    """List the clients at whom it is time to look, most urgent first."""
    groups = reassessment.due_groups(request.membership, day=localdate())
    _record_seen(request, [case.client for group in groups for case in group.cases])
    total = sum(len(group.cases) for group in groups)
    context = {
        "groups": groups,
        "total": total,
        "time_for": total,
        "several_teams": len({case.client.team_id for group in groups for case in group.cases}) > 1,
        "can_fill": Permission.FILL_ANAMNESE in RIGHTS[request.membership.role],
    }
    return render(request, "profiles/due_list.html", context)


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def calendar(request: CareRequest) -> HttpResponse:
    """Show a quarter of reassessments to come, week by week."""
    today = localdate()
    since = _since(request.GET.get("vanaf", ""), today)
    weeks = reassessment.weeks(request.membership, day=today, since=since)
    _record_seen(request, [entry.case.client for week in weeks for entry in week.entries])
    context = {
        "weeks": weeks,
        "today": today,
        "is_first": weeks[0].monday <= today,
        "earlier": max(weeks[0].monday - reassessment.WEEKS * reassessment.WEEK, today),
        "later": weeks[-1].monday + reassessment.WEEK,
        "total": sum(len(week.entries) for week in weeks),
    }
    return render(request, "profiles/calendar.html", context)


@requires(Permission.FILL_ANAMNESE)
@require_POST
def record(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Record what happened to a client: from now on it is time to look, until a new anamnese."""
    client = care.client_for(request.membership, public_id)
    form = EventForm(request.POST)
    if form.is_valid():
        kind, day = EventKind(form.cleaned_data["kind"]), form.cleaned_data["day"] or localdate()
        try:
            events.record_event(client=client, kind=kind, day=day, user=request.user)
            messages.success(request, _("Vastgelegd. Het is tijd voor een nieuwe anamnese."))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    else:
        messages.error(request, _("Kies wat er is gebeurd, en een bestaande dag."))
    return _to_client(request, client)


@requires(Permission.FILL_ANAMNESE)
@require_POST
def withdraw(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Take back what was recorded by mistake."""
    event = events.event_for(request.membership, public_id)
    events.withdraw_event(event=event, user=request.user)
    messages.success(request, _("De gebeurtenis is weggehaald."))
    return _to_client(request, event.client)


def _to_client(request: CareRequest, client: Client) -> HttpResponse:
    access.record(membership=request.membership, action=AccessAction.CHANGED, clients=[client])
    return redirect("client-page", client.public_id)


def _record_seen(request: CareRequest, clients: list[Client]) -> None:
    access.record(membership=request.membership, action=AccessAction.LISTED, clients=clients)


def _since(text: str, today: date) -> date:
    """Return the first day to show; an address that says nonsense shows this week."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return asked if today <= asked <= today + FURTHEST else today
