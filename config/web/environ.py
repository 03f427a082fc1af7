"""Translating a request of the web server (RSGI) into a WSGI environment (PEP 3333)."""

import sys
from typing import Any

CREDENTIALS = ("cookie", "authorization")


def environ_of(scope: Any, body: Any) -> dict[str, Any]:
    """Return the environment of a request with this body."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": address(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would pass for another header, as one that only the proxy in front may set
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        made[key] = f"{made[key]}{between}{value}" if key in made else value
    if "HTTP_HOST" not in made and scope.authority:
        made["HTTP_HOST"] = scope.authority
    return made


def address(scope: Any) -> str:
    """Return the address that a request comes from: behind a proxy that of the proxy."""
    return str(scope.client.rpartition(":")[0].strip("[]"))


class NoLengthError(Exception):
    """A body comes in parts, and nobody knows how long it will be."""


def announced_length(scope: Any) -> int:
    """Return how many bytes of body were announced. Raises NoLengthError.

    Django reads no more than that, and nothing of a body without a number: that would pass for an empty one.
    """
    if scope.headers.get("transfer-encoding"):
        raise NoLengthError
    text = scope.headers.get("content-length") or ""
    return int(text) if text.isascii() and text.isdigit() else 0


def has_credentials(scope: Any) -> bool:
    """Say whether a request claims to come from somebody: nobody else may send much."""
    return any(scope.headers.get(name) for name in CREDENTIALS)


def asker(scope: Any) -> str:
    """Return who asks: a "page", a "script" of ours, or a "program" that calls the API."""
    if scope.path.startswith("/api/"):
        return "program"
    accepts = scope.headers.get("accept") or ""
    by_script = scope.headers.get("x-requested-with") == "fetch"
    return "script" if by_script or ("json" in accepts and "html" not in accepts) else "page"
