"""A program that calls the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client as Browser

from declarations.schema.tokens import ApiScope, ApiToken
from exchange.rest.tokens import make_token
from tests.actors import Actor, House

ROOT = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """A token, its text, and calls with it."""

    token: ApiToken
    text: str

    def get(self, path: str, **query: Any) -> Any:
        """Read an address under the root."""
        return Browser().get(ROOT + path, query, headers=self._headers)

    def post(self, path: str, body: Any = None) -> Any:
        """Send JSON to an address under the root."""
        return Browser().post(ROOT + path, body, content_type="application/json", headers=self._headers)

    def ask(self, method: str, path: str) -> Any:
        """Call an address under the root, its query included, without a body."""
        return Browser().generic(method, ROOT + path, headers=self._headers)

    def send(self, content: bytes, content_type: str = "application/octet-stream") -> Any:
        """Send a declaration file as it is."""
        path = f"{ROOT}/declarations"
        return Browser().generic("POST", path, content, content_type, headers=self._headers)

    def send_form(self, **parts: Any) -> Any:
        """Send a declaration file as a form does."""
        return Browser().post(f"{ROOT}/declarations", parts, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"}


def caller(
    house: House, administrator: Actor, *scopes: ApiScope, expires_at: datetime | None = None
) -> Caller:
    """Return a program with a new token of an organisation."""
    with house.scope():
        made = make_token(
            organisation=house.organisation,
            name="Dossier van de test",
            scopes=scopes,
            by=administrator.user,
            expires_at=expires_at,
        )
    return Caller(made.row, made.text)


def problem(response: Any, status: int, code: str) -> Any:
    """Check that a call was refused in the agreed shape, and return what was said."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    said = response.json()
    assert (said["status"], said["code"]) == (status, code)
    assert said["type"] == f"urn:draagvlak:problem:{code}"
    assert said["title"]
    assert said["detail"]
    return said
