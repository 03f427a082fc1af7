"""Reading an anamnese over before it is finished."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from questionnaires.anamneses import screens, selectors, services
from questionnaires.anamneses.draft_rules import progress
from questionnaires.anamneses.versions import instrument_of
from questionnaires.anamneses.views.closed_drafts import no_draft
from questionnaires.schema.exceptions import AnswersRefusedError
from questionnaires.schema.models import Anamnese, AnamneseStatus


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD"])
def review(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Show every answer, with a way to change it."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    if anamnese.status != AnamneseStatus.DRAFT:
        return no_draft(request, anamnese)
    return render_review(request, anamnese)


def render_review(
    request: CareRequest,
    anamnese: Anamnese,
    refused: AnswersRefusedError | None = None,
    *,
    is_conflict: bool = False,
) -> HttpResponse:
    """Draw the page; with a refusal, every problem stands on top and beside its question."""
    access.record(membership=request.membership, action=AccessAction.ANSWERED, clients=[anamnese.client])
    instrument = instrument_of(anamnese.instrument)
    answers = services.complete_answers(anamnese)
    problems = screens.in_words(instrument, refused.problems if refused else ())
    parts = screens.lines_of(instrument, answers, problems)
    context = {
        "anamnese": anamnese,
        "client": anamnese.client,
        "parts": parts,
        "wrong": [line for _screen, lines in parts for line in lines if line.errors],
        "problems": problems,
        "date_error": refused.date_problem.label if refused and refused.date_problem else "",
        "aside": screens.subjects_of(instrument, anamnese.set_aside),
        "is_conflict": is_conflict,
        "back": screens.open_screens(instrument, answers)[-1],
        "progress": progress(instrument, answers),
    }
    status = 422 if refused else 409 if is_conflict else 200
    return render(request, "questionnaires/review.html", context, status=status)
