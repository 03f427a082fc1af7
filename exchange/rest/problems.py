"""Everything that can go wrong with a call, as JSON after RFC 9457: a stable code and a Dutch sentence."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from care.tenancy.commands import ImportProblems
from declarations.schema.exceptions import (
    AlreadyImportedError,
    BlockedError,
    DeclarationError,
    FileRefusedError,
    InvoiceNumberTakenError,
    StillQueuedError,
)
from exchange.rest.schemas import FoundOut, ProblemOut

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:draagvlak:problem:"
LISTED = 1_000
RETRY_SECONDS = 5


class Code(models.TextChoices):
    """The stable codes; the label is the title."""

    INVALID_TOKEN = "invalid_token", _("Geen geldige sleutel")
    MISSING_SCOPE = "missing_scope", _("Niet toegestaan met deze sleutel")
    NOT_FOUND = "not_found", _("Niet gevonden")
    METHOD_NOT_ALLOWED = "method_not_allowed", _("Dit kan niet op dit adres")
    UNREADABLE = "unreadable", _("Niet te lezen")
    INVALID_REQUEST = "invalid_request", _("De aanvraag klopt niet")
    LENGTH_REQUIRED = "length_required", _("De lengte ontbreekt")
    TOO_LARGE = "too_large", _("Te groot")
    TOO_MANY_CALLS = "too_many_calls", _("Te veel aanvragen")
    ROWS_REFUSED = "rows_refused", _("Er zitten fouten in de regels")
    FILE_REFUSED = "file_refused", _("Er zitten fouten in het bestand")
    ALREADY_IMPORTED = "already_imported", _("Al ingelezen")
    INVOICE_NUMBER_TAKEN = "invoice_number_taken", _("Factuurnummer al gebruikt")
    STILL_QUEUED = "still_queued", _("Nog niet klaar")
    WRONG_STATE = "wrong_state", _("Dit kan nu niet")
    BLOCKED = "blocked", _("Geblokkeerd")
    NOT_EXPORTED = "not_exported", _("Nog niet gemaakt")
    BUSY = "busy", _("Te druk")
    FAILED = "failed", _("Er ging iets mis bij ons")


# RFC 9110 and RFC 6750: an answer of 401 says what to come with, one about the scope names the error.
CHALLENGES = {
    Code.INVALID_TOKEN: 'Bearer realm="Draagvlak"',
    Code.MISSING_SCOPE: 'Bearer realm="Draagvlak", error="insufficient_scope"',
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is wrong: line or row (from 1; 0: the whole), field number or name, and a sentence.

    `rule` is the code of a rule of the message standard, `return_code` what an insurer answers to it.
    """

    line: int
    field: str
    name: str
    message: str
    rule: str = ""
    return_code: str = ""


class ApiProblem(Exception):  # noqa: N818 - read as a sentence: raise ApiProblem(404, Code.NOT_FOUND, ...)
    """The call is refused and nothing has changed. `known` is the id of what was there already."""

    def __init__(
        self,
        status: int,
        code: Code,
        detail: str,
        *,
        found: Sequence[Found] = (),
        total: int = 0,
        known: UUID | None = None,
        retry_after: int = 0,
    ) -> None:
        super().__init__(status, str(code))
        self.status, self.code, self.detail = status, code, detail
        self.found, self.total = tuple(found), total or len(found)
        self.known, self.retry_after = known, retry_after

    def answer(self) -> HttpResponse:
        """Return the answer for the caller."""
        body = ProblemOut(
            type=TYPE + self.code,
            title=str(self.code.label),
            status=self.status,
            detail=str(self.detail),
            code=str(self.code),
            id=self.known,
            total=self.total or None,
            problems=[FoundOut(**asdict(one)) for one in self.found] or None,
        )
        response = HttpResponse(
            body.model_dump_json(exclude_none=True), content_type=CONTENT_TYPE, status=self.status
        )
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        if self.code in CHALLENGES:
            response.headers["WWW-Authenticate"] = CHALLENGES[self.code]
        return response


def not_found(detail: str) -> ApiProblem:
    """Return the refusal for what is not there, or another organisation's."""
    return ApiProblem(404, Code.NOT_FOUND, detail)


def wrong_value(field: str, sentence: str) -> ApiProblem:
    """Return the refusal of a call in which one value cannot be."""
    found = Found(0, field, field, sentence)
    return ApiProblem(422, Code.INVALID_REQUEST, sentence, found=[found])


class RowProblems(ImportProblems):
    """Collects what is wrong with rows of a call; `named` splits a sentence into field and message."""

    def __init__(self, named: Callable[[str], tuple[str, str]]) -> None:
        super().__init__()
        self._named = named

    def refuse_if_any(self) -> None:
        """Raise ApiProblem with the problems in the order of the rows, if there is one."""
        if not self._found:
            return
        found = [
            Found(line, field, field, message)
            for line, sentence in self._in_order()[:LISTED]
            for field, message in [self._named(sentence)]
        ]
        detail = gettext("Er is niets opgeslagen. Verbeter de regels en stuur ze allemaal opnieuw.")
        raise ApiProblem(422, Code.ROWS_REFUSED, detail, found=found, total=len(self._found))


def of_declaration(error: DeclarationError) -> ApiProblem:
    """Return the refusal that says what a service of declarations said."""
    if isinstance(error, FileRefusedError):
        found = [
            Found(one.line, one.field, one.name, one.sentence, one.rule, one.return_code)
            for one in error.problems
        ]
        return ApiProblem(422, Code.FILE_REFUSED, error.sentence, found=found, total=error.total)
    if isinstance(error, AlreadyImportedError):
        return ApiProblem(409, Code.ALREADY_IMPORTED, error.sentence, known=error.public_id)
    if isinstance(error, InvoiceNumberTakenError):
        return ApiProblem(409, Code.INVOICE_NUMBER_TAKEN, error.sentence, known=error.public_id)
    if isinstance(error, StillQueuedError):
        return ApiProblem(409, Code.STILL_QUEUED, error.sentence, retry_after=RETRY_SECONDS)
    if isinstance(error, BlockedError):
        return ApiProblem(409, Code.BLOCKED, error.sentence, total=error.persons)
    return ApiProblem(409, Code.WRONG_STATE, error.sentence)
