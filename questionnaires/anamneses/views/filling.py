"""The screens of an anamnese: each answer is kept, whether the script of the page runs or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.schema.constants import AccessAction
from questionnaires.anamneses import screens as drawn
from questionnaires.anamneses import selectors, services
from questionnaires.anamneses.draft_rules import progress, with_age
from questionnaires.anamneses.screens import LastTime, Screen, ScreenProblems
from questionnaires.anamneses.services import Saved
from questionnaires.anamneses.stashed_answers import given, keep_when_logged_out, take
from questionnaires.anamneses.timing import busy_seconds
from questionnaires.anamneses.versions import instrument_of
from questionnaires.anamneses.views.closed_drafts import leads_on, no_draft
from questionnaires.instruments.definition import (
    AnswerProblem,
    Answers,
    Instrument,
    ProblemCode,
    answered_by_age,
    from_json,
    to_json,
)
from questionnaires.schema.exceptions import AnswersRefusedError, ConflictError
from questionnaires.schema.models import Anamnese, AnamneseStatus

Given = Mapping[str, list[str]]
LONGEST_REVISION = 9  # digits: what the column holds


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen shows beside the questions: the answers to show, and what is wrong with them."""

    answers: Answers
    problems: ScreenProblems
    is_conflict: bool = False
    can_skip: bool = False


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD"])
def fill(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Go on where the anamnese was left."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    if anamnese.status != AnamneseStatus.DRAFT:
        return no_draft(request, anamnese)
    instrument = instrument_of(anamnese.instrument)
    screen = drawn.first_unanswered(instrument, services.complete_answers(anamnese))
    if screen is None:
        return redirect("anamnese-review", public_id)
    return redirect("anamnese-screen", public_id, screen.slug)


@keep_when_logged_out
@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET", "HEAD", "POST"])
@leads_on
def screen(request: CareRequest, public_id: UUID, slug: str) -> HttpResponse:
    """Show one screen of questions, and save what it sends."""
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    if anamnese.status != AnamneseStatus.DRAFT:
        return no_draft(request, anamnese)
    here = _screen(instrument_of(anamnese.instrument), slug)
    if request.method == "POST":
        return _save(request, anamnese, here)
    _restore(request, anamnese)
    problems = _missing(anamnese, here) if "fouten" in request.GET else ScreenProblems()
    return _render(request, anamnese, here, Shown(services.complete_answers(anamnese), problems))


def _save(request: CareRequest, anamnese: Anamnese, here: Screen) -> HttpResponse:
    instrument = instrument_of(anamnese.instrument)
    sent = {question: codes for question, codes in given(request.POST).items() if question in here.ids}
    whole = _merged(instrument, anamnese, sent)
    try:
        saved = services.save_answers(
            anamnese=anamnese,
            membership=request.membership,
            answers=whole,
            revision=sent_revision(request),
            seconds=busy_seconds(request.POST.get("seconds", "")),
        )
    except ConflictError as conflict:
        anamnese.revision = conflict.revision
        return _render(request, anamnese, here, Shown(from_json(whole), ScreenProblems(), is_conflict=True))
    except AnswersRefusedError as refused:
        shown = Shown(from_json(whole), drawn.in_words(instrument, refused.problems))
        return _render(request, anamnese, here, shown)
    _take_over(request, anamnese, saved)
    return _onward(request, anamnese, here, set(sent))


def _onward(request: CareRequest, anamnese: Anamnese, here: Screen, seen: set[str]) -> HttpResponse:
    """To the next screen; but stay for what has no answer, or what an answer has only just called up."""
    instrument, answers = instrument_of(anamnese.instrument), services.complete_answers(anamnese)
    open_questions = drawn.missing(instrument, here, answers)
    new = [question for question in open_questions if question.id not in seen]
    _before, after = drawn.neighbours_of(drawn.screens_of(instrument), here.slug)
    is_open = after is not None and after in drawn.open_screens(instrument, answers)
    if open_questions and not new:
        can_skip = bool(is_open and after and drawn.missing(instrument, after, answers))
        shown = Shown(answers, _missing(anamnese, here), can_skip=can_skip)
        return _render(request, anamnese, here, shown)
    if new:
        address = reverse("anamnese-screen", args=[anamnese.public_id, here.slug])
        return redirect(f"{address}#{new[0].id}")
    if after is not None and is_open:
        return redirect("anamnese-screen", anamnese.public_id, after.slug)
    return redirect("anamnese-review", anamnese.public_id)


def _render(request: CareRequest, anamnese: Anamnese, here: Screen, shown: Shown) -> HttpResponse:
    instrument = instrument_of(anamnese.instrument)
    access.record(membership=request.membership, action=AccessAction.ANSWERED, clients=[anamnese.client])
    before, after = drawn.neighbours_of(drawn.screens_of(instrument), here.slug)
    last, age = last_time(anamnese), services.age_of(anamnese)
    answers = with_age(instrument, shown.answers, age=age)
    set_aside = from_json(anamnese.set_aside)
    cards = drawn.cards_of(instrument, here, answers, last=last, problems=shown.problems, set_aside=set_aside)
    context = {
        "anamnese": anamnese,
        "client": anamnese.client,
        "screen": here,
        "cards": cards,
        "rules": drawn.rules_of(anamnese.instrument.definition),
        "wrong": [card for card in cards if card.errors],
        "shown": shown,
        "aside": drawn.subjects_of(instrument, set_aside),
        "before": before,
        "after": after,
        "progress": progress(instrument, answers),
        "last": last,
        "answers": to_json(instrument, from_json(anamnese.answers)),
        "facts": to_json(instrument, answered_by_age(instrument, age=age)),
    }
    is_wrong = shown.is_conflict or bool(shown.problems.by_question)
    return render(request, "questionnaires/screen.html", context, status=422 if is_wrong else 200)


def _take_over(request: CareRequest, anamnese: Anamnese, saved: Saved) -> None:
    """Go on with what was saved, and say which answers came back because an earlier answer changed."""
    instrument = instrument_of(anamnese.instrument)
    anamnese.answers, anamnese.revision = to_json(instrument, saved.answers), saved.revision
    anamnese.set_aside = to_json(instrument, saved.set_aside)
    if saved.returned:
        subjects = drawn.subjects_of(instrument, saved.returned)
        messages.info(request, _("Je eerdere antwoorden zijn terug: %s. Kijk of ze nog kloppen.") % subjects)


def last_time(anamnese: Anamnese) -> LastTime | None:
    """Return the anamnese before this one, for hints; a correction begins with the old answers itself."""
    if anamnese.corrects_id is not None:
        return None
    last = selectors.last_finished(anamnese.client, before=anamnese.date)
    return LastTime(last.date, from_json(last.answers)) if last else None


def _restore(request: CareRequest, anamnese: Anamnese) -> None:
    """Save what was sent just after the log-in had expired."""
    kept = take(request, anamnese)
    if not kept:
        return
    instrument = instrument_of(anamnese.instrument)
    try:
        saved = services.save_answers(
            anamnese=anamnese,
            membership=request.membership,
            answers=_merged(instrument, anamnese, kept),
            revision=anamnese.revision,
        )
    except (AnswersRefusedError, ConflictError):
        messages.warning(
            request, _("Wat je voor het inloggen invulde, kon niet worden bewaard. Kijk het na.")
        )
        return
    _take_over(request, anamnese, saved)
    messages.success(request, _("Je was uitgelogd. Wat je had ingevuld, is bewaard."))


def _missing(anamnese: Anamnese, here: Screen) -> ScreenProblems:
    instrument = instrument_of(anamnese.instrument)
    found = drawn.missing(instrument, here, services.complete_answers(anamnese))
    return drawn.in_words(
        instrument, [AnswerProblem(question.id, _code(question.follows_up)) for question in found]
    )


def _code(follows_up: str | None) -> ProblemCode:
    return ProblemCode.TECHNICAL_CONTRADICTION if follows_up else ProblemCode.MISSING


def _merged(instrument: Instrument, anamnese: Anamnese, sent: Given) -> dict[str, str | list[str]]:
    """The answers of the draft with those of one screen over them; unknown ones stay, to be refused."""
    return {**to_json(instrument, from_json(anamnese.answers)), **sent}


def _screen(instrument: Instrument, slug: str) -> Screen:
    found = next((each for each in drawn.screens_of(instrument) if each.slug == slug), None)
    if found is None:
        raise Http404(_("Deze bladzijde van de vragenlijst bestaat niet."))
    return found


def sent_revision(request: CareRequest) -> int:
    """Return the revision that a form was based on; -1, which none has, where it names none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_REVISION else -1
