"""The questions of an instrument as the screens draw them, for a tablet that fills in without connection."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from questionnaires.anamneses.screens import Card, Choice, Screen, screens_of
from questionnaires.anamneses.selectors import instrument_versions
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Instrument, Question


@requires(Permission.FILL_ANAMNESE)
@require_safe
@conditional_page
def questions(request: CareRequest, digest: str) -> HttpResponse:
    """Draw all questions of the instrument with this hash, screen by screen, without any answer."""
    found = next((row for row in instrument_versions() if row.definition_hash == digest), None)
    if found is None:
        raise Http404(_("Deze versie bestaat niet (meer)."))
    response = render(request, "tablet/questions.html", {"parts": _parts(instrument_of(found))})
    # The words are for ever; how they are drawn changes with the app.
    response["Cache-Control"] = "private, no-cache"
    return response


def _parts(instrument: Instrument) -> list[tuple[Screen, list[Card]]]:
    return [
        (screen, [_blank(question) for question in screen.questions]) for screen in screens_of(instrument)
    ]


def _blank(question: Question) -> Card:
    choices = tuple(Choice(option, is_chosen=False) for option in question.options)
    return Card(question, choices, is_shown=True, fact="", hint="")
