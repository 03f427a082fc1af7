"""The OpenAPI document: what the annotations cannot say is said here."""

from typing import Any

from ninja import NinjaAPI

from exchange.rest import openapi_webhooks
from exchange.rest.problems import CONTENT_TYPE, Code
from exchange.rest.schemas import ProblemOut

ROOT = "/api/v1/"
SMALLEST_ERROR = 400
EVERYWHERE = (401, 403, 429, 500, 503)

_BYTES = {"type": "string", "format": "binary"}


def _header(name: str, meaning: str) -> dict[str, Any]:
    return {name: {"description": meaning, "schema": {"type": "string"}}}


_FILE_NAME = _header("Content-Disposition", "de bestandsnaam")
RAW_FILE: dict[str, Any] = {
    "responses": {201: {"headers": _header("Location", "het adres van het bestand")}},
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": _BYTES},
            "text/plain": {"schema": _BYTES},
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": _BYTES}}
            },
        },
    },
}
RESULT: dict[str, Any] = {
    "responses": {200: {"headers": _FILE_NAME, "content": {"text/plain": {"schema": _BYTES}}}},
}
MAKING: dict[str, Any] = {
    "responses": {
        status: {"headers": _header("Location", "waar te zien is hoe ver het is")} for status in (200, 202)
    }
    | {409: {"headers": _header("Retry-After", "seconden; bij still_queued")}},
}

NUMBERS: dict[str, Any] = {
    "responses": {
        200: {
            "headers": _FILE_NAME,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "oud;nieuw;referentie\n1;1;\n2;2;F2024-01 0001\n;3;DVA7K2M5QXW3ZB6RT4NC\n",
                }
            },
        }
    },
}


def refusals(*statuses: int) -> dict[int, type[ProblemOut]]:
    """Return the shape of each refusal of an address; those that every address has are added."""
    return dict.fromkeys(sorted({*EVERYWHERE, *statuses}), ProblemOut)


def document(api: NinjaAPI) -> dict[str, Any]:
    """Return the document of an API, as values that JSON knows."""
    schema = api.get_openapi_schema(path_prefix=ROOT.strip("/") + "/")
    made: dict[str, Any] = {name: _plain(part) for name, part in schema.items()}
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"] = dict(sorted(operation["responses"].items()))
            _name_problem_type(operation["responses"])
            operation["responses"]["401"]["headers"] = _header("WWW-Authenticate", "Bearer")
            for status in ("429", "503"):
                operation["responses"][status]["headers"] = _header("Retry-After", "seconden")
    made["components"]["schemas"]["ProblemOut"]["properties"]["code"]["enum"] = list(Code.values)
    openapi_webhooks.add_to(made)
    return made


def _plain(part: Any) -> Any:
    """Return a copy with text as keys: the library shares parts between addresses."""
    if isinstance(part, dict):
        return {str(key): _plain(value) for key, value in part.items()}
    return [_plain(value) for value in part] if isinstance(part, list) else part


def _name_problem_type(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= SMALLEST_ERROR and "content" in response:
            response["content"] = {CONTENT_TYPE: response["content"].pop("application/json")}
