"""Answers that were sent after the log-in had expired: kept, sealed, in the session until the nurse is back.

Only a page without its script sends answers this way; with it, they stay on the screen until they are saved.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict

from care.schema import crypto
from questionnaires.schema.models import Anamnese

MOST_BYTES = 4_000  # ten times what a screen with everything ticked sends; anybody can send here
_KEY = "kept_answers"
_PURPOSE = "session.kept_answers"

View = Callable[..., HttpResponseBase]


def keep_when_logged_out(view: View) -> View:
    """Keep what a form with answers sends while nobody is logged in."""

    @wraps(view)
    def keeping(request: HttpRequest, public_id: UUID, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            _keep(request, public_id)
        return view(request, public_id, *args, **kwargs)

    return keeping


def take(request: HttpRequest, anamnese: Anamnese) -> dict[str, list[str]]:
    """Return what was kept for this anamnese, once; what was kept for another is thrown away."""
    kept: Mapping[str, str] = request.session.pop(_KEY, {})
    if kept.get("anamnese") != str(anamnese.public_id):
        return {}
    answers: dict[str, list[str]] = json.loads(crypto.decrypt(b64decode(kept["sealed"]), purpose=_PURPOSE))
    return answers


def given(post: QueryDict) -> dict[str, list[str]]:
    """The answers that a form sends: for every question that it showed, the chosen options, or none."""
    return {question: post.getlist(question) for question in post.getlist("shown")}


def _keep(request: HttpRequest, public_id: UUID) -> None:
    plain = json.dumps(given(request.POST)).encode()
    if len(plain) > MOST_BYTES:
        return
    sealed = crypto.encrypt(plain, purpose=_PURPOSE)
    request.session[_KEY] = {"anamnese": str(public_id), "sealed": b64encode(sealed).decode("ascii")}
