"""Which answer each exception of a call becomes; never with a value that was sent."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from config.web.overload import is_overload
from declarations.schema.exceptions import DeclarationError
from exchange.rest.intake import too_large, unreadable
from exchange.rest.problems import RETRY_SECONDS, ApiProblem, Code, Found, not_found, of_declaration
from exchange.rest.schemas import AnamneseIn, AnamnesesIn
from exchange.rest.schemas_clients import ClientIn, ClientsIn, LookupIn
from exchange.rest.schemas_outgoing import AnswerIn, DeliveryIn, FileReplyIn, RepliesIn

# What the checks of shapes call it → what it means to the caller.
SENTENCES = {
    "missing": gettext_lazy("Dit ontbreekt."),
    "extra_forbidden": gettext_lazy("Deze naam is hier niet bekend."),
    "string_type": gettext_lazy("Hier hoort tekst te staan."),
    "string_too_long": gettext_lazy("Deze tekst is te lang."),
    "string_pattern_mismatch": gettext_lazy("Hier staan tekens in die niet te lezen zijn."),
    "too_long": gettext_lazy("Dit zijn er te veel in één keer."),
    "too_short": gettext_lazy("Stuur er minstens één."),
    "enum": gettext_lazy("Dit is geen van de mogelijke waarden."),
    "uuid_parsing": gettext_lazy("Dit is geen id."),
    "int_parsing": gettext_lazy("Hier hoort een geheel getal te staan."),
    "greater_than_equal": gettext_lazy("Dit getal is te klein."),
    "less_than_equal": gettext_lazy("Dit getal is te groot."),
    "less_than": gettext_lazy("Dit getal is te groot."),
}
CLIENT_SHAPES = (ClientsIn, ClientIn, LookupIn, AnamnesesIn, AnamneseIn)
OUTGOING_SHAPES = (DeliveryIn, FileReplyIn, RepliesIn, AnswerIn)
FIELDS = {
    *(name for shape in (*CLIENT_SHAPES, *OUTGOING_SHAPES) for name in shape.model_fields),
    *("file", "client", "kind", "state", "reason", "after", "limit", "again"),
}
OTHER = gettext_lazy("Deze waarde klopt niet.")
LISTED = 100

log = logging.getLogger(__name__)


def install(api: NinjaAPI) -> None:
    """Teach an API every answer to what can go wrong."""
    handlers: dict[type[Exception], Callable[[Any], ApiProblem]] = {
        ApiProblem: lambda problem: problem,
        DeclarationError: of_declaration,
        ValidationError: _of_shapes,
        Http404: lambda _error: not_found(_("Dit bestaat niet in jouw organisatie.")),
        HttpError: lambda _error: unreadable(),
        RequestDataTooBig: lambda _error: too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0),
        SuspiciousOperation: lambda _error: unreadable(),
        Exception: _of_defect,
    }
    for kind, refusal in handlers.items():
        api.add_exception_handler(kind, _answering(refusal))


def _answering(
    refusal: Callable[[Any], ApiProblem],
) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(_request: HttpRequest, error: Any) -> HttpResponse:
        return refusal(error).answer()

    return answer


def _of_shapes(error: ValidationError) -> ApiProblem:
    found = [_found(one) for one in error.errors[:LISTED]]
    detail = _("De aanvraag heeft niet de vorm die in de beschrijving staat.")
    return ApiProblem(422, Code.INVALID_REQUEST, detail, found=found, total=len(error.errors))


def _found(error: dict[str, Any]) -> Found:
    """Return one wrong place. Only names of the description are told: one that was sent can be anything."""
    rows = [part for part in error["loc"] if isinstance(part, int)]
    # Of a name that is too many the last one known is where it stands, and not what is wrong.
    known = [part for part in error["loc"] if part in FIELDS and error["type"] != "extra_forbidden"]
    field = known[-1] if known else ""
    message = str(SENTENCES.get(error["type"], OTHER))
    return Found(rows[0] + 1 if rows else 0, field, field, message)


def _of_defect(error: Exception) -> ApiProblem:
    if is_overload(error):
        log.warning("api_call_put_off fault=%s", type(error).__name__)
        sentence = _("Het is nu te druk. Er is niets veranderd: probeer het over een paar tellen opnieuw.")
        return ApiProblem(503, Code.BUSY, sentence, retry_after=RETRY_SECONDS)
    log.error("api_call_failed fault=%s", type(error).__name__, exc_info=error)
    detail = _("Er is niets veranderd. Probeer het later opnieuw; blijft het misgaan, meld het dan.")
    return ApiProblem(500, Code.FAILED, detail)


def method_not_allowed() -> ApiProblem:
    """Return the refusal of a way that an address does not have."""
    return ApiProblem(405, Code.METHOD_NOT_ALLOWED, _("Dit adres kent deze methode niet."))
