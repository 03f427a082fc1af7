"""Who calls: a token in the Authorization header, within its scopes; the work is done in its organisation."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from care import scope
from care.models import Organisation
from declarations.api import tokens
from declarations.api.constants import ApiScope
from declarations.api.models import ApiToken
from declarations.api.problems import ApiProblem, Code

log = logging.getLogger(__name__)


class ApiRequest(HttpRequest):
    """A call of a care record system."""

    auth: ApiToken


def organisation_of(request: ApiRequest) -> Organisation:
    """Return the organisation whose token it is."""
    return request.auth.organisation


class Bearer(HttpBearer):
    """Asks for a token that still opens something and has the scope (with none: any token)."""

    openapi_description = "Een sleutel van de organisatie: `Authorization: Bearer dv_…`"

    def __init__(self, needed: ApiScope | None) -> None:
        super().__init__()
        self.needed = needed

    def __call__(self, request: HttpRequest) -> ApiToken:
        """Return the token of a call. Raises ApiProblem. (The library's own would log a wrong header.)"""
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, text.strip() if kind.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """Return the token with this text. Raises ApiProblem: 401, 403 or 429."""
        try:
            found = tokens.use(token) if token else None
        except tokens.TooManyCallsError as error:
            detail = _("Deze sleutel is deze minuut te vaak gebruikt. Wacht even.")
            raise ApiProblem(429, Code.TOO_MANY_CALLS, detail, retry_after=error.seconds) from error
        if found is None:
            detail = _("Stuur een geldige sleutel mee in de kop Authorization. Misschien is hij verlopen.")
            raise ApiProblem(401, Code.INVALID_TOKEN, detail)
        if self.needed and self.needed not in found.scopes:
            detail = _("Deze sleutel mag dit niet. Nodig is het recht %(scope)s.") % {"scope": self.needed}
            raise ApiProblem(403, Code.MISSING_SCOPE, detail)
        return found


def needs(wanted: ApiScope) -> dict[str, Any]:
    """Return the arguments of an address that needs a scope: the check, and its place in the document."""
    return {"auth": Bearer(wanted), "openapi_extra": {"x-required-scope": str(wanted)}}


def in_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """Do a call's work in one transaction that sees only rows of the token's organisation."""

    @wraps(view)
    def scoped(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        log.info("api_call token=%s call=%s", request.auth.public_id, view.__name__)
        with scope.organisation(request.auth.organisation_id):
            return view(request, *args, **kwargs)

    return scoped
