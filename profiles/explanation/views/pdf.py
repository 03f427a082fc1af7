"""A profile on paper: for colleagues, and in plain words for the client."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.consent.selectors import standing_statements
from care.schema.constants import AccessAction
from profiles.explanation import pdf
from profiles.schema.models import ClientProfile
from profiles.timeline import selectors
from profiles.timeline.history import HistoryEntry, entries_of


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def summary(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Give the summary of an anamnese and its profile."""
    entry = _entry(request, public_id)
    organisation = organisation_of(request.membership)
    content = pdf.summary_of(entry, organisation=organisation, today=localdate())
    return _printed(request, entry.profile, content, name="anamnese")


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def explanation(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Give the explanation for the client of a profile that counts."""
    entry = _entry(request, public_id)
    if entry.is_replaced:
        raise Http404(_("Dit profiel geldt niet meer. Geef de uitleg bij de correctie."))
    content = pdf.explained(
        entry.profile,
        organisation=organisation_of(request.membership),
        statements=standing_statements(entry.profile.client),
        today=localdate(),
    )
    return _printed(request, entry.profile, content, name="uitleg")


def _entry(request: CareRequest, public_id: UUID) -> HistoryEntry:
    profile = selectors.profile_for(request.membership, public_id)
    entry = next(each for each in entries_of(profile.client) if each.profile.pk == profile.pk)
    return HistoryEntry(profile, entry.replaced_by, entry.reason)


def _printed(request: CareRequest, profile: ClientProfile, content: pdf.Page, *, name: str) -> HttpResponse:
    """Log it and send it; the name of the file tells a day, not a person."""
    access.record(membership=request.membership, action=AccessAction.PRINTED, clients=[profile.client])
    response = HttpResponse(pdf.render(content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}-{profile.date:%Y-%m-%d}.pdf"'
    return response
