"""What the gate says without asking Django: whole answers, made once."""

import json

Refusal = tuple[int, list[tuple[str, str]], bytes]

RETRY_SECONDS = 5
_BUSY = "Het is nu te druk. Wat je invulde is niet weg: probeer het over een paar tellen opnieuw."
_BUSY_API = "Het is nu te druk. Er is niets veranderd: probeer het over een paar tellen opnieuw."
_SLOW = "Je verbinding is te langzaam: wat je stuurde kwam niet op tijd binnen. Probeer het opnieuw."
_CUT_OFF = "Niet alles wat je stuurde is aangekomen. Er is niets veranderd: probeer het opnieuw."
_NO_LENGTH = "Geef aan hoeveel bytes je stuurt (Content-Length). Er is niets veranderd."
_FAULT = "Er ging iets mis, en dat ligt niet aan jou. Probeer het later opnieuw."
_LARGE = "Wat je stuurde is te groot, of je bent niet ingelogd. Log in en probeer het opnieuw."
_PAGE = (
    '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Draagvlak</title></head>'
    "<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
)


def _headers(kind: str, **more: str) -> list[tuple[str, str]]:
    extra = [(name.replace("_", "-"), value) for name, value in more.items()]
    return [("content-type", f"{kind}; charset=utf-8"), ("cache-control", "no-store, private"), *extra]


def _page(status: int, title: str, text: str, **headers: str) -> Refusal:
    return status, _headers("text/html", **headers), _PAGE.format(title=title, text=text).encode()


_LATER: dict[str, Refusal] = {
    "page": _page(503, "Even geduld", _BUSY, retry_after=str(RETRY_SECONDS)),
    "script": (
        503,
        _headers("application/json", retry_after=str(RETRY_SECONDS)),
        json.dumps({"error": "busy", "message": _BUSY}).encode(),
    ),
    # As the API itself says it (RFC 9457).
    "program": (
        503,
        _headers("application/problem+json", retry_after=str(RETRY_SECONDS)),
        json.dumps(
            {
                "type": "urn:draagvlak:problem:busy",
                "title": "Te druk",
                "status": 503,
                "detail": _BUSY_API,
                "code": "busy",
            }
        ).encode(),
    ),
}
TOO_SLOW = _page(408, "Te langzaam", _SLOW, connection="close")
CUT_OFF = _page(400, "Niet aangekomen", _CUT_OFF, connection="close")
NO_LENGTH = _page(411, "Hoe groot?", _NO_LENGTH, connection="close")
FAULT = _page(500, "Er ging iets mis", _FAULT)
TOO_LARGE = _page(413, "Te groot", _LARGE, connection="close")


def later(asker: str) -> Refusal:
    """Return "later" for who asks: a "page", a "script" of ours, or a "program" that calls the API."""
    return _LATER[asker]
