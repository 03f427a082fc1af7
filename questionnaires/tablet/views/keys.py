"""Handing out the secrets that lock a tablet."""

from base64 import b64encode
from dataclasses import dataclass

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import TypeAdapter

from care.accounts import throttle
from care.accounts.middleware import CareRequest
from care.accounts.permissions import Permission, requires
from care.strict_json import Text, UnreadableJsonError, read_shape
from questionnaires.tablet import keys
from questionnaires.tablet.views.in_json import error, in_json


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """What proves who asks for a secret anew."""

    password: Text


_CONFIRMED = TypeAdapter(_Confirmed)


@in_json
@requires(Permission.FILL_ANAMNESE)
@require_POST
def new_keys(request: CareRequest) -> JsonResponse:
    """Give new secrets, to lock a tablet with for the first time or anew."""
    made = keys.new_keys(request.membership)
    return JsonResponse(
        {
            "nonce": made.nonce,
            "device": _text(made.device),
            "recovery": _text(made.recovery),
            "seal": _text(made.unsealing),
        }
    )


@in_json
@requires(Permission.FILL_ANAMNESE)
@require_POST
def unseal(request: CareRequest, nonce: str) -> JsonResponse:
    """Give what lets the PIN open a sealed vault again, to whoever is logged in and may still work."""
    return JsonResponse({"seal": _text(keys.unsealing_secret(request.membership, nonce))})


@in_json
@requires(Permission.FILL_ANAMNESE)
@require_POST
def recover(request: CareRequest, nonce: str) -> JsonResponse:
    """Give a recovery secret again, to somebody who forgot the PIN but knows the password.

    A log-in that is still open is not enough: a tablet that was left behind has one. Guessing is slow, as at
    the door: 429.
    """
    try:
        password = read_shape(request.body, _CONFIRMED).password
    except UnreadableJsonError:
        return error("unreadable", _("Dit is niet goed aangekomen. Probeer het opnieuw."), 400)
    attempt = throttle.attempt_of(request, request.user.email)
    if not throttle.begin(attempt):
        sentence = _(
            "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht een kwartier en probeer het dan opnieuw."
        )
        return error("held_up", sentence, 429)
    if not request.user.check_password(password):
        return error("wrong_password", _("Dit wachtwoord klopt niet. Probeer het opnieuw."), 403)
    throttle.succeeded(attempt)
    return JsonResponse({"recovery": _text(keys.recovery_secret(request.membership, nonce))})


def _text(secret: bytes) -> str:
    return b64encode(secret).decode("ascii")
