"""The versions of questionnaire and model for a tablet that goes without connection. No personal data."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from profiles.tablet import rule_bundle
from questionnaires.anamneses.problem_texts import date_templates
from questionnaires.anamneses.problem_texts import templates as problem_templates

#: A text never changes under its hash; it is still kept out of caches that others share.
FOR_EVER = "private, max-age=31536000, immutable"


@requires(Permission.FILL_ANAMNESE)
@require_safe
@conditional_page
def listing(_request: CareRequest) -> HttpResponse:
    """List all versions with their hash, first day and address, and the words for a result."""
    body = {
        "instruments": list(_listed(rule_bundle.instruments(), "instrument-text")),
        "models": list(_listed(rule_bundle.models(), "model-text")),
        "problems": problem_templates(),
        "dates": date_templates(),
    }
    return JsonResponse(body, headers={"Cache-Control": "private, no-cache"})


@requires(Permission.FILL_ANAMNESE)
@require_safe
@conditional_page
def instrument(_request: CareRequest, digest: str) -> HttpResponse:
    """Give an instrument's definition, as the text that was hashed."""
    return _text(rule_bundle.instrument_text(digest), digest)


@requires(Permission.FILL_ANAMNESE)
@require_safe
@conditional_page
def model(_request: CareRequest, digest: str) -> HttpResponse:
    """Give a model's table, as the text that was hashed."""
    return _text(rule_bundle.model_text(digest), digest)


def _listed(
    versions: Iterable[rule_bundle.ListedInstrument | rule_bundle.ListedModel], page: str
) -> Iterable[dict[str, Any]]:
    return ({**asdict(version), "url": reverse(page, args=[version.hash])} for version in versions)


def _text(text: str | None, digest: str) -> HttpResponse:
    if text is None:
        raise Http404(_("Deze versie bestaat niet (meer)."))
    headers = {"Cache-Control": FOR_EVER, "ETag": f'"{digest}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)
