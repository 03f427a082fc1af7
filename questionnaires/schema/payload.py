"""What a tablet sends about one anamnese, and the hash that shows that it arrived as it left. Pure.

The hash is SHA-256 over the canonical JSON of everything but the hash itself: keys sorted, no white
space, UTF-8. The tablet's `bytes.js` makes the same text.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from care.strict_json import read_object

HASH = re.compile(r"[0-9a-f]{64}\Z")
VERSION = re.compile(r"[0-9A-Za-z.-]{1,20}\Z")
MOST_TEXT = 500
MOST_SECONDS = 24 * 3600
MOST_REVISIONS = 2**31 - 1


class PayloadError(ValueError):
    """What arrived cannot be used. `is_damaged`: it did not arrive as it left, so sending again helps."""

    def __init__(self, *, is_damaged: bool = False) -> None:
        super().__init__("the payload is damaged" if is_damaged else "the payload cannot be read")
        self.is_damaged = is_damaged


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose work something is, so that it is never taken for that of who is logged in now."""

    nurse: UUID
    organisation: UUID


@dataclass(frozen=True, slots=True)
class Derived:
    """What the tablet derived, and by which rules."""

    code: str
    ruleset_hash: str


@dataclass(frozen=True, slots=True)
class Payload:
    """One anamnese as it stands on a tablet: always the whole of it.

    `revision` is the one of the server that it was based on (0 where the server had none yet). `answers`
    are raw JSON. `seconds` is the time in which somebody was really busy with it.
    """

    public_id: UUID
    owner: Owner
    client: UUID
    day: date
    version: str
    revision: int
    answers: Mapping[str, Any]
    corrects: UUID | None
    reason: str
    is_finished: bool
    derived: Derived | None
    seconds: int
    hash: str


def canonical(value: object) -> bytes:
    """Return the one text of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def payload_hash(fields: Mapping[str, Any]) -> str:
    """Return the hash of a payload, 64 hexadecimal digits, whatever stands under `hash`."""
    rest = {name: value for name, value in fields.items() if name != "hash"}
    return hashlib.sha256(canonical(rest)).hexdigest()


def read_payload(body: bytes, *, public_id: UUID) -> Payload:
    """Read what was sent to the address of one anamnese. Raises PayloadError."""
    try:
        fields = read_object(body)
        sent = payload_hash(fields)
    except (ValueError, AttributeError) as error:
        raise PayloadError(is_damaged=True) from error
    if fields.get("hash") != sent or fields.get("id") != str(public_id):
        raise PayloadError(is_damaged=True)
    try:
        return _payload(fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PayloadError from error


def read_owner(body: bytes) -> Owner:
    """Read whose draft is to be thrown away. Raises PayloadError (damaged)."""
    try:
        fields = read_object(body)
        return Owner(nurse=UUID(fields["nurse"]), organisation=UUID(fields["organisation"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PayloadError(is_damaged=True) from error


def _payload(fields: Mapping[str, Any]) -> Payload:
    derived = fields["derived"]
    return Payload(
        public_id=UUID(fields["id"]),
        owner=Owner(nurse=UUID(fields["nurse"]), organisation=UUID(fields["organisation"])),
        client=UUID(fields["client"]),
        day=date.fromisoformat(fields["date"]),
        version=_matching(VERSION, fields["version"]),
        revision=_number(fields["revision"], most=MOST_REVISIONS),
        answers=_object(fields["answers"]),
        corrects=UUID(fields["corrects"]) if fields["corrects"] else None,
        reason=_text(fields["reason"]),
        is_finished=_flag(fields["finish"]),
        derived=_derived(derived) if derived is not None else None,
        seconds=_number(fields["active_seconds"], most=MOST_SECONDS),
        hash=fields["hash"],
    )


def _derived(fields: Mapping[str, Any]) -> Derived:
    return Derived(code=_text(fields["code"])[:12], ruleset_hash=_matching(HASH, fields["ruleset_hash"]))


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.match(value):
        raise PayloadError
    return value


def _number(value: object, *, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise PayloadError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise PayloadError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT or "\0" in value:
        raise PayloadError
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise PayloadError
    return value
