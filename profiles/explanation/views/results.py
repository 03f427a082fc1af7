"""Finishing an anamnese, and the page that says why the profile is what it is."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from care.accounts.middleware import CareRequest
from care.accounts.permissions import RIGHTS, Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from profiles.explanation.explaining import explain
from profiles.schema.models import ClientProfile
from profiles.timeline import selectors, services
from profiles.timeline.history import entries_of
from questionnaires.anamneses.selectors import anamnese_for, own_anamnese_for
from questionnaires.anamneses.views.closed_drafts import leads_on
from questionnaires.anamneses.views.filling import sent_revision
from questionnaires.anamneses.views.reviewing import render_review
from questionnaires.schema.exceptions import AlreadyCorrectedError, AnswersRefusedError, ConflictError


@requires(Permission.FILL_ANAMNESE)
@require_POST
@leads_on
def finish(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Finish an anamnese as it was read over; what is wrong is shown beside the answers."""
    anamnese = own_anamnese_for(request.membership, public_id)
    try:
        profile = services.finish_anamnese(
            anamnese=anamnese,
            membership=request.membership,
            revision=sent_revision(request),
        )
    except AnswersRefusedError as refused:
        return render_review(request, anamnese, refused)
    except ConflictError:
        anamnese.refresh_from_db()
        return render_review(request, anamnese, is_conflict=True)
    except AlreadyCorrectedError:
        sentence = _("Een collega heeft dit intussen al gecorrigeerd. Gooi jouw correctie weg.")
        advice = _("Klopt er nog iets niet, corrigeer dan de nieuwe versie.")
        messages.warning(request, f"{sentence} {advice}")
        return redirect("anamnese-discard", public_id)
    return redirect("profile-page", profile.public_id)


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def of_anamnese(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Lead to the profile of an anamnese."""
    anamnese = anamnese_for(request.membership, public_id)
    profile = ClientProfile.objects.filter(anamnese=anamnese).first()
    if profile is None:
        raise Http404(_("Van deze anamnese is er geen profiel."))
    return redirect("profile-page", profile.public_id)


@requires(Permission.SEE_PROFILES)
@require_http_methods(["GET", "HEAD"])
def profile_page(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show a profile and why it is what it is."""
    profile = selectors.profile_for(request.membership, public_id)
    access.record(membership=request.membership, action=AccessAction.VIEWED_PROFILE, clients=[profile.client])
    entry = next(each for each in entries_of(profile.client) if each.profile.pk == profile.pk)
    context = {
        "profile": profile,
        "client": profile.client,
        "entry": entry,
        "why": explain(profile),
        "busy": _busy(request, profile),
        "can_correct": Permission.FILL_ANAMNESE in RIGHTS[request.membership.role] and not entry.is_replaced,
    }
    return render(request, "profiles/profile_page.html", context)


def _busy(request: CareRequest, profile: ClientProfile) -> int | None:
    """The seconds that filling in took: told to who filled in, and to nobody else."""
    anamnese = profile.anamnese
    is_hers = anamnese.nurse_id == request.user.pk
    return anamnese.active_seconds if is_hers and anamnese.active_seconds else None
