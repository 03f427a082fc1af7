"""What a tablet sends about one anamnese, and the hash that shows that it arrived as it left. Pure.

The hash is SHA-256 over the canonical JSON of everything but the hash itself: keys sorted, no white
space, UTF-8. The tablet's `bytes.js` makes the same text.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter

from care.strict_json import Day, Flag, Number, Text, UnreadableJsonError, as_shape, read_object, read_shape

MOST_TEXT = 500
MOST_SECONDS = 24 * 3600
MOST_REVISIONS = 2**31 - 1


Hash = Annotated[Text, Field(pattern=r"^[0-9a-f]{64}$")]
Version = Annotated[Text, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]
Reason = Annotated[Text, Field(max_length=MOST_TEXT)]


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

    code: Annotated[Reason, AfterValidator(lambda code: code[:12])]
    ruleset_hash: Hash


@dataclass(frozen=True, slots=True)
class Payload:
    """One anamnese as it stands on a tablet: always the whole of it.

    `revision` is the one of the server that it was based on (0 where the server had none yet). `answers`
    are raw JSON. `seconds` is the time in which somebody was really busy with it.
    """

    public_id: Annotated[UUID, Field(validation_alias="id")]
    nurse: UUID
    organisation: UUID
    client: UUID
    day: Annotated[Day, Field(validation_alias="date")]
    version: Version
    revision: Annotated[Number, Field(ge=0, le=MOST_REVISIONS)]
    answers: dict[str, Any]
    corrects: Annotated[UUID | None, BeforeValidator(lambda sent: sent or None)]
    reason: Reason
    is_finished: Annotated[Flag, Field(validation_alias="finish")]
    derived: Derived | None
    seconds: Annotated[Number, Field(ge=0, le=MOST_SECONDS, validation_alias="active_seconds")]
    hash: Text

    @property
    def owner(self) -> Owner:
        """Whose work it is."""
        return Owner(self.nurse, self.organisation)


_PAYLOAD = TypeAdapter(Payload)
_OWNER = TypeAdapter(Owner)


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
        return as_shape(fields, _PAYLOAD)
    except UnreadableJsonError as error:
        raise PayloadError from error


def read_owner(body: bytes) -> Owner:
    """Read whose draft is to be thrown away. Raises PayloadError (damaged)."""
    try:
        return read_shape(body, _OWNER)
    except UnreadableJsonError as error:
        raise PayloadError(is_damaged=True) from error
