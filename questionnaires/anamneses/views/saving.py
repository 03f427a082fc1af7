"""Saving the whole answer set of a draft from the script of the page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import TypeAdapter

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.audit import access
from care.json_errors import json_error
from care.schema.constants import AccessAction
from care.strict_json import Number, read_shape
from questionnaires.anamneses import screens, selectors, services
from questionnaires.anamneses.draft_rules import progress, with_age
from questionnaires.anamneses.problem_texts import sentence
from questionnaires.anamneses.services import Saved
from questionnaires.anamneses.timing import busy_seconds
from questionnaires.anamneses.versions import instrument_of
from questionnaires.anamneses.views.closed_drafts import why_gone
from questionnaires.instruments.definition import from_json, to_json
from questionnaires.schema.exceptions import (
    AnswersRefusedError,
    ConflictError,
    NotADraftError,
    NotYourDraftError,
)
from questionnaires.schema.models import Anamnese


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a page sends: answers as raw JSON, the revision that they were based on, and how long it took."""

    answers: Any
    revision: Number
    seconds: Any = ""


_SENT = TypeAdapter(_Sent)


@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["PUT"])
def save(request: CareRequest, public_id: UUID) -> HttpResponse:
    """Save `{"answers": {...}, "revision": n, "seconds": n}`: busy for so long since what was saved before.

    200 saved · 400 not readable · 403 a colleague's · 409 changed elsewhere (with what is stored) or
    finished · 422 an answer that can never be right (with its problems).
    """
    anamnese = selectors.own_anamnese_for(request.membership, public_id)
    try:
        sent = read_shape(request.body, _SENT)
        saved = services.save_answers(
            anamnese=anamnese,
            membership=request.membership,
            answers=sent.answers,
            revision=sent.revision,
            seconds=busy_seconds(str(sent.seconds)),
        )
    except ValueError:
        return json_error(
            "unreadable", _("De antwoorden zijn niet goed aangekomen. Probeer het opnieuw."), status=400
        )
    except NotADraftError:
        anamnese.refresh_from_db(fields=["status", "discard_reason"])
        return json_error("finished", why_gone(anamnese), status=409)
    except NotYourDraftError:
        return json_error("not_permitted", _("Een collega heeft dit concept overgenomen."), status=403)
    except AnswersRefusedError as refused:
        problems = [
            {"question": problem.question, "text": sentence(instrument_of(anamnese.instrument), problem)}
            for problem in refused.problems
        ]
        return json_error("refused", status=422, problems=problems)
    except ConflictError as conflict:
        return _conflict(request, anamnese, sent.answers, conflict)
    return JsonResponse(_body(anamnese, saved))


def _body(anamnese: Anamnese, saved: Saved) -> dict[str, Any]:
    instrument = instrument_of(anamnese.instrument)
    answers = with_age(instrument, saved.answers, age=services.age_of(anamnese))
    done = progress(instrument, answers)
    return {
        "revision": saved.revision,
        "answers": to_json(instrument, saved.answers),
        "aside": screens.subjects_of(instrument, saved.set_aside),
        "returned": to_json(instrument, {name: saved.answers[name] for name in saved.returned}),
        "saved_at": localtime(saved.saved_at).strftime("%H:%M"),
        "answered": done.answered,
        "total": done.total,
    }


def _conflict(
    request: CareRequest, anamnese: Anamnese, answers: object, conflict: ConflictError
) -> HttpResponse:
    """Show both versions side by side; what is stored is a look at the client as well."""
    access.record(membership=request.membership, action=AccessAction.ANSWERED, clients=[anamnese.client])
    instrument = instrument_of(anamnese.instrument)
    return json_error(
        "conflict",
        status=409,
        revision=conflict.revision,
        answers=to_json(instrument, conflict.answers),
        differences=screens.differences(instrument, from_json(answers), conflict.answers),
    )
