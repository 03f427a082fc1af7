"""Who calls: a token in the Authorization header, within its scopes; the work is done in its organisation."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from care.schema.models import Organisation
from care.tenancy import scope
from declarations.schema.exceptions import BlockedError
from declarations.schema.tokens import ApiScope, ApiToken
from exchange.rest import tokens
from exchange.rest.problems import ApiProblem, Code

Call = TypeVar("Call", bound=Callable[..., Any])

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


def opens_its_scope(view: Call) -> Call:
    """Declare that a call opens scope_of_token() itself: first it waits for as long as its caller likes."""
    view.opens_its_scope = True  # type: ignore[attr-defined]
    return view


def scope_of_token(request: ApiRequest) -> AbstractContextManager[None]:
    """Open the one transaction of a call: it sees only rows of the token's organisation."""
    return scope.organisation(request.auth.organisation_id)


@contextmanager
def scope_that_keeps_blocks(request: ApiRequest) -> Iterator[None]:
    """Open scope_of_token(), and refuse what is blocked behind it: that it is blocked stays written."""
    refusal: BlockedError | None = None
    with scope_of_token(request):
        try:
            yield
        except BlockedError as error:
            refusal = error
    if refusal is not None:
        raise refusal


def in_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """Do a call's work in scope_of_token(), unless it opens that itself."""

    @wraps(view)
    def scoped(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        log.info("api_call token=%s call=%s", request.auth.public_id, view.__name__)
        with nullcontext() if hasattr(view, "opens_its_scope") else scope_of_token(request):
            return view(request, *args, **kwargs)

    return scoped
