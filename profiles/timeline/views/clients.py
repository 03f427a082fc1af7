"""The clients of a nurse or a team lead, and the page of one client."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.clients import selectors as care
from care.clients import target_groups
from care.consent.selectors import NOTHING_SAID, standing_statements
from care.schema.constants import AccessAction
from care.schema.death_notices import NoticeState
from care.schema.models import Client, Membership
from profiles.schema.constants import TOLD_BY_NURSES
from profiles.timeline import caseload
from profiles.timeline.events import events_of
from profiles.timeline.history import entries_of
from profiles.timeline.presence import Presence, presence_of
from profiles.timeline.state_texts import STATE_NAMES, state_text
from profiles.timeline.states import ProfileState
from questionnaires.anamneses.discarded_drafts import last_thrown_away
from questionnaires.anamneses.handover import drafts_to_take_over
from questionnaires.anamneses.selectors import drafts_of
from questionnaires.anamneses.services import progress_of
from questionnaires.instruments.definition import age_on

PER_PAGE = 50


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD", "POST"])
def client_list(request: CareRequest) -> HttpResponse:
    """List the clients in care, by state or by name. A search is sent: no name in an address."""
    can_fill = _may(request, Permission.FILL_ANAMNESE)
    cases = caseload.cases_of(request.membership, day=localdate())
    if can_fill:
        cases = caseload.by_urgency(cases)
    chosen = ProfileState(request.GET["status"]) if request.GET.get("status") in set(ProfileState) else None
    found = caseload.in_states(cases, [chosen]) if chosen else cases
    text = request.POST.get("q", "").strip()
    if text:
        found = caseload.search(found, text, request.membership)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    access.record(
        membership=request.membership,
        action=AccessAction.LISTED,
        clients=[case.client for case in page.object_list],
    )
    counts = caseload.count_by_state(cases)
    context = {
        "page": page,
        "found": len(found),
        "total": len(cases),
        "several_teams": caseload.are_of_several_teams(cases),
        "text": text,
        "chosen": chosen,
        "time_for": caseload.count_time(cases),
        "filters": [(state, STATE_NAMES[state], counts[state]) for state in ProfileState],
        "can_fill": can_fill,
    }
    return render(request, "profiles/client_list.html", context)


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def client_page(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show one client: how it stands, and every profile until now."""
    client = care.client_for(request.membership, public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED, clients=[client])
    client.organisation = organisation_of(request.membership)
    prefetch_related_objects([client], "care_periods")
    today = localdate()
    state = caseload.state_of(client, request.membership, day=today)
    entries = entries_of(client)
    there_is = presence_of(client, request.membership, day=today)
    asks_group = target_groups.is_asked(client.organisation, today)
    standing = standing_statements(client) if there_is.statements else NOTHING_SAID
    notice = care.last_death_notice(client) if there_is.death_notices else None
    context = {
        "client": client,
        "age": age_on(client.date_of_birth, client.died_on or today),
        "in_care": client.is_in_care(today),
        "state": state,
        "state_text": state_text(state),
        "entries": entries,
        "paper": next((entry.profile for entry in entries if not entry.is_replaced), None),
        **_work_on(client, request.membership, there_is),
        "objection": standing.objection,
        "consent": standing.consent,
        "taken_back": standing.taken_back,
        "elsewhere": standing.elsewhere,
        "told_dead": notice if notice is not None and notice.state == NoticeState.OPEN else None,
        "happened": events_of(client, since=state.first_day) if there_is.events else [],
        "kinds": TOLD_BY_NURSES,
        "plans": care.planned_moves(client) if there_is.planned_moves else {},
        "target_group": target_groups.group_on(client, today) if asks_group else "",
        "asks_group": asks_group,
        "care_periods": care.care_of(client),
        "today": today,
        "can_fill": _may(request, Permission.FILL_ANAMNESE),
        "can_edit": _may(request, Permission.EDIT_CLIENTS),
    }
    return render(request, "profiles/client_page.html", context)


def _work_on(client: Client, membership: Membership, there_is: Presence) -> dict[str, Any]:
    """Return what was begun and not finished: her draft, what she threw away, and what colleagues have."""
    draft = drafts_of(membership, [client.pk]).get(client.pk) if there_is.draft else None
    return {
        "draft": draft,
        "progress": progress_of(draft, client) if draft else None,
        "thrown": last_thrown_away(client, membership) if there_is.thrown_away else None,
        "others": drafts_to_take_over(client, membership) if there_is.others_drafts else [],
    }


def _may(request: CareRequest, right: Permission) -> bool:
    return right in RIGHTS[request.membership.role]
