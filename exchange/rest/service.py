"""The API as a whole: its addresses, each behind a token, and its description."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI, Router
from ninja.operation import Operation

from care.accounts.permissions import open_to_anyone, open_to_tokens
from exchange.rest import client_calls, error_responses, file_calls, openapi, outgoing_calls
from exchange.rest.auth import ApiRequest, Bearer, in_scope
from exchange.rest.problems import ApiProblem, not_found
from exchange.rest.query_names import only_known, refuse_unknown

METHOD_NOT_ALLOWED = 405
DESCRIPTION = (
    "Voor elektronische cliëntendossiers: cliënten en anamneses uitwisselen, declaratiebestanden inlezen, "
    "volgen en ophalen. Elke aanvraag draagt een sleutel van één organisatie. Fouten komen als "
    "`application/problem+json`, met een vaste `code` en een Nederlandse zin."
)

elsewhere = Router()


ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@elsewhere.api_operation(ALL_METHODS, "/{path:rest}", auth=Bearer(None), include_in_schema=False)
def nothing_here(request: ApiRequest, rest: str) -> None:  # noqa: ARG001 - the router passes both
    """Say in JSON that an address does not exist."""
    raise not_found(_("Dit adres bestaat niet. Kijk in /api/v1/openapi.json."))


@elsewhere.api_operation(ALL_METHODS, "/", auth=Bearer(None), include_in_schema=False)
def nothing_at_the_root(request: ApiRequest) -> None:
    """Say it of the root too."""
    nothing_here(request, "")


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation in the document as in the code."""
        return operation.view_func.__name__


def _made() -> NinjaAPI:
    api = _Api(
        title="Draagvlak",
        version="1.0.0",
        description=DESCRIPTION,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api-v1",
    )
    error_responses.install(api)
    api.add_decorator(in_scope)
    for router in (client_calls.router, file_calls.router, outgoing_calls.router):
        router.add_decorator(only_known)
        api.add_router("", router)
    api.add_router("", elsewhere)
    return api


api = _made()


@cache
def described() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return openapi.document(api)


def _refusing_in_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def answered(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        response = view(request, **parts)
        if response.status_code != METHOD_NOT_ALLOWED:
            return response
        refusal = error_responses.method_not_allowed().answer()
        refusal.headers["Allow"] = response.headers["Allow"]
        return refusal

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


@open_to_anyone
@_refusing_in_json
@require_GET
def document(request: HttpRequest) -> HttpResponse:
    """Send the OpenAPI document."""
    try:
        refuse_unknown(request.GET, [])
    except ApiProblem as refusal:
        return refusal.answer()
    return JsonResponse(described())


def _addresses() -> list[URLPattern]:
    found = (pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern))
    made = [pattern for pattern in found if pattern.name != "api-root"]
    for pattern in made:
        pattern.callback = open_to_tokens(_refusing_in_json(pattern.callback))
    return made


urlpatterns: list[URLPattern] = [
    path("openapi.json", document, name="api-document"),
    *_addresses(),
]
