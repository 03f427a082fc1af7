"""What a tablet talks to: the package of the day, and the anamneses that it holds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from care.accounts import sessions
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.accounts.selectors import organisation_of
from care.audit import access
from care.json_errors import json_error
from care.schema.constants import AccessAction
from care.schema.models import User
from profiles.tablet import offline_package, submissions
from profiles.tablet.submission_owner import asks_for_its_owner, asks_for_the_role
from profiles.tablet.submissions import Receipt
from questionnaires.anamneses import selectors, services
from questionnaires.anamneses.problem_texts import sentence
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import AnswersFormatError
from questionnaires.schema.exceptions import (
    AnswersRefusedError,
    ClashError,
    NotADraftError,
    NotCorrectableError,
    NotYourDraftError,
    WrongVersionError,
)
from questionnaires.schema.payload import Payload, PayloadError, read_owner, read_payload
from questionnaires.tablet import device_access
from questionnaires.tablet.refusals import TOLD, Refusal
from questionnaires.tablet.views.in_json import error, in_json

REASONS: dict[type[Exception], Refusal] = {
    AnswersFormatError: Refusal.SHAPE,
    NotCorrectableError: Refusal.SHAPE,
    WrongVersionError: Refusal.SHAPE,
    NotYourDraftError: Refusal.COLLEAGUES,
    PermissionDenied: Refusal.OTHER_TEAM,
    Http404: Refusal.UNKNOWN_CLIENT,
}
ERRORS = {400: "unreadable", 403: "not_permitted", 404: "not_found", 422: "refused"}


@in_json
@asks_for_the_role
@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["GET"])
@ensure_csrf_cookie
def package(request: CareRequest) -> JsonResponse:
    """Give what a nurse needs for a day without connection; everybody in it counts as seen.

    Also how long the tablet opens without contact, and what opens a locked session again. 403 `revoked` on a
    tablet that may get no clients any more (header X-Device).
    """
    organisation = organisation_of(request.membership)
    about = {
        "nurse": _nurse(request.user),
        "organisation": {"id": str(organisation.public_id), "name": organisation.name},
    }
    if device_access.is_barred(request.membership, _device(request)):
        # Who she is, so that she can open what is hers and send it.
        sentence = _("Dit toestel is ingetrokken. Je krijgt hier geen cliënten meer.")
        return json_error("revoked", sentence, status=403, **about)
    known = offline_package.known_of(request.membership, day=localdate())
    access.record(
        membership=request.membership,
        action=AccessAction.LISTED,
        clients=[each.case.client for each in known],
    )
    return JsonResponse(
        {
            **about,
            "day": localdate().isoformat(),
            "server_time": now().isoformat(),
            "offline_hours": organisation.offline_hours,
            "reopen": sessions.reopening_token(request.session),
            "clients": [offline_package.client_json(each) for each in known],
        }
    )


def _device(request: CareRequest) -> UUID | None:
    """Return which tablet asks, as it calls itself."""
    try:
        return UUID(request.headers.get("X-Device", ""))
    except ValueError:
        return None


def _nurse(user: User) -> dict[str, str]:
    """Return who the package is for, and the language she reads."""
    return {"id": str(user.public_id), "name": user.name, "language": user.language}


@in_json
@asks_for_its_owner
@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["PUT", "DELETE"])
def anamnese(request: CareRequest, public_id: UUID) -> JsonResponse:
    """Take in an anamnese as it stands on a tablet, or throw its draft away (see docs/tablet.md).

    200 taken in, or was before · 400 unreadable or damaged · 401 not logged in as whose it is, or in
    another role · 403, 404 client or draft · 409 clashes with what is stored, which comes along · 422 can
    never be right.
    """
    if request.method == "DELETE":
        return _discard(request, public_id)
    try:
        payload = read_payload(request.body, public_id=public_id)
    except PayloadError as problem:
        return _unreadable(problem)
    return _take_in(request, payload)


@in_json
@asks_for_its_owner
@requires(Permission.FILL_ANAMNESE)
@require_http_methods(["PUT"])
def hand_over(request: CareRequest, public_id: UUID) -> JsonResponse:
    """Take in as a draft for the client's team what she may not finish herself; answers as `anamnese`."""
    try:
        payload = read_payload(request.body, public_id=public_id)
    except PayloadError as problem:
        return _unreadable(problem)
    return _answered(request, payload, _handed_over)


def _take_in(request: CareRequest, payload: Payload) -> JsonResponse:
    return _answered(request, payload, _taken_in)


def _taken_in(request: CareRequest, payload: Payload) -> dict[str, Any]:
    receipt = submissions.receive(payload=payload, membership=request.membership)
    return _receipt(payload, receipt, request)


def _handed_over(request: CareRequest, payload: Payload) -> dict[str, Any]:
    stored = submissions.hand_over(payload=payload, membership=request.membership)
    return {"id": str(stored.public_id), "hash": payload.hash, "status": "handed_over"}


def _answered(
    request: CareRequest, payload: Payload, work: Callable[[CareRequest, Payload], dict[str, Any]]
) -> JsonResponse:
    """Answer with what the work returns, or with why it cannot be and what can be done."""
    try:
        return JsonResponse(work(request, payload))
    except ClashError as clash:
        return _clash(request, clash)
    except AnswersRefusedError as refused:
        return _refused(payload, refused)
    except tuple(REASONS) as problem:
        return refusal(next(why for kind, why in REASONS.items() if isinstance(problem, kind)))


def _receipt(payload: Payload, receipt: Receipt, request: CareRequest) -> dict[str, Any]:
    stored, profile = receipt.anamnese, receipt.profile
    others = selectors.drafts_of_others(request.membership, [stored.client_id])
    return {
        "id": str(stored.public_id),
        "hash": payload.hash,
        "status": stored.status,
        "revision": stored.revision,
        "saved_at": stored.saved_at.isoformat(),
        "others": offline_package.others_json(others.get(stored.client_id, [])),
        "result": profile
        and {
            "profile": str(profile.public_id),
            "code": profile.code,
            "ruleset_hash": profile.ruleset_hash,
            "differs": receipt.difference is not None,
        },
    }


def _clash(request: CareRequest, clash: ClashError) -> JsonResponse:
    """Send what is stored, so that the tablet can show both; that is a look at the client as well."""
    access.record(
        membership=request.membership, action=AccessAction.ANSWERED, clients=[clash.stored.client_id]
    )
    stored = offline_package.anamnese_json(clash.stored)
    return json_error("clash", status=409, clash=clash.clash.value, stored=stored)


def _refused(payload: Payload, refused: AnswersRefusedError) -> JsonResponse:
    version = selectors.instrument_version(payload.version)
    instrument = instrument_of(version) if version else None
    problems = [
        {"question": problem.question, "text": sentence(instrument, problem)}
        for problem in refused.problems
        if instrument
    ]
    if refused.date_problem is not None:
        return refusal(Refusal.DATE, str(refused.date_problem.label), problems)
    return refusal(Refusal.ANSWERS, problems=problems)


def refusal(why: Refusal, sentence: str = "", problems: Sequence[Mapping[str, str]] = ()) -> JsonResponse:
    """Return an answer by which a tablet can say why, and offer what can be done."""
    told = TOLD[why]
    return json_error(
        ERRORS[told.status],
        sentence or str(told.sentence),
        status=told.status,
        reason=why.value,
        step=told.step.value,
        problems=list(problems),
    )


def _unreadable(problem: PayloadError) -> JsonResponse:
    if problem.is_damaged:
        return error("damaged", _("De anamnese is niet goed aangekomen."), 400)
    return refusal(Refusal.UNREADABLE)


def _discard(request: CareRequest, public_id: UUID) -> JsonResponse:
    """Throw away; without whose it is (an app of before) nothing happens, and the tablet goes on asking."""
    try:
        read_owner(request.body)
    except PayloadError as problem:
        return _unreadable(problem)
    own = selectors.own_work_for(request.membership, public_id)
    try:
        services.discard_anamnese(anamnese=own, membership=request.membership)
    except NotADraftError:
        own.refresh_from_db()
        stored = offline_package.anamnese_json(own)
        return json_error("clash", status=409, clash="finished", stored=stored)
    return JsonResponse({"id": str(public_id), "status": "discarded"})
