"""The administrator's pages for teams."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from care.accounts import organisations
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of, team_for
from care.administration.people_forms import TeamForm
from care.clients import selectors
from care.forms import accepted, sent
from care.schema.models import Team


@requires(Permission.ADMINISTER)
@require_GET
def team_list(request: CareRequest) -> HttpResponse:
    """Show the teams, where they work and how many clients they have in care."""
    organisation = organisation_of(request.membership)
    today = timezone.localdate()
    in_care = selectors.in_care(today, of="client_periods__client__")
    counted = Count("client_periods", filter=in_care & Q(client_periods__period__contains=today))
    teams = Team.objects.filter(organisation=organisation).annotate(client_count=counted)
    return render(request, "care/team_list.html", {"teams": teams.order_by("name")})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def team_add(request: CareRequest) -> HttpResponse:
    """Add a team."""
    organisation = organisation_of(request.membership)
    form = TeamForm(sent(request))
    if accepted(form, lambda: organisations.add_team(organisation=organisation, **form.cleaned_data)):
        messages.success(request, _("Het team is toegevoegd."))
        return redirect("team-list")
    return render(request, "care/team_form.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def team_edit(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Change the name or the municipality of a team."""
    team = team_for(organisation_of(request.membership), public_id)
    form = TeamForm(sent(request), initial={"name": team.name, "municipality": team.municipality})
    if accepted(form, lambda: organisations.update_team(team=team, **form.cleaned_data)):
        messages.success(request, _("Het team is gewijzigd."))
        return redirect("team-list")
    return render(request, "care/team_form.html", {"form": form, "team": team})
