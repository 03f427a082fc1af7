"""The part of the OpenAPI document about what goes out: the messages that a receiver gets."""

from typing import Any

from ninja import Schema

from exchange.rest.schemas_webhooks import CheckTold, MessageTold
from exchange.webhooks.constants import TEST_EVENT, WebhookEvent

_SCHEMAS = "#/components/schemas/"
_ID = "id van het bericht; hetzelfde als het opnieuw wordt geprobeerd"
_MOMENT = "seconden sinds 1970; weiger wat ouder is dan vijf minuten"
_STANDARD = {
    "webhook-id": _ID,
    "webhook-timestamp": _MOMENT,
    "webhook-signature": "`v1,` en HMAC-SHA256 (base64) over id, punt, tijdstempel, punt en inhoud",
}
_OWN = {
    "Draagvlak-Delivery": _ID,
    "Draagvlak-Timestamp": _MOMENT,
    "Draagvlak-Signature": "`v1=` en HMAC-SHA256 (hexadecimaal) over tijdstempel, punt en inhoud",
}
_TEXT = {"type": "string"}
_ANSWERS = {
    "2XX": {"description": "Aangenomen, binnen vijf seconden. De inhoud wordt niet gelezen."},
    "401": {"description": "De handtekening of het tijdstempel klopt niet."},
    "default": {"description": "Mislukt, ook bij een doorverwijzing: het bericht komt later nog eens."},
}


def add_to(document: dict[str, Any]) -> None:
    """Add the messages and their shapes to a document."""
    for shape in (MessageTold, CheckTold):
        document["components"]["schemas"] |= _shapes(shape)
    document["webhooks"] = {
        str(event): _told(MessageTold, str(event), f"Bericht: {event.label}.") for event in WebhookEvent
    }
    sentence = "Proefbericht bij het aanzetten: eerst met een verkeerde handtekening, dan met een goede."
    document["webhooks"][TEST_EVENT] = _told(CheckTold, TEST_EVENT, sentence)


def _shapes(shape: type[Schema]) -> dict[str, Any]:
    made = shape.model_json_schema(ref_template=_SCHEMAS + "{model}")
    return {**made.pop("$defs", {}), shape.__name__: made}


def _told(shape: type[Schema], event: str, summary: str) -> dict[str, Any]:
    headers = [
        _header("Draagvlak-Key", "naam van het geheim", _TEXT),
        _header("Draagvlak-Event", "de gebeurtenis", {"type": "string", "const": event}),
        *(_header(*one, _TEXT, of="Standard Webhooks") for one in _STANDARD.items()),
        *(_header(*one, _TEXT, of="een melding van voor Standard Webhooks") for one in _OWN.items()),
    ]
    content = {"application/json": {"schema": {"$ref": _SCHEMAS + shape.__name__}}}
    return {
        "post": {
            "summary": summary,
            "parameters": headers,
            "requestBody": {"required": True, "content": content},
            "responses": _ANSWERS,
            "security": [],
        }
    }


def _header(name: str, meaning: str, schema: dict[str, str], *, of: str = "") -> dict[str, Any]:
    """Return a header; one of a scheme of signatures (`of`) is there where a webhook has that."""
    told = f"{meaning}; bij {of}" if of else meaning
    return {"in": "header", "name": name, "required": not of, "description": told, "schema": schema}
