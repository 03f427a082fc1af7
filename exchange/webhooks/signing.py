"""Signatures of messages: by Standard Webhooks, or as webhooks that were made before it have them.

Source of the first: https://www.standardwebhooks.com (a library in each language checks it).
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from standardwebhooks import Webhook

from exchange.webhooks.constants import SignatureScheme

SECRET_BYTES = 32
PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Signer:
    """The scheme of a webhook, and its secret with the name of that."""

    scheme: SignatureScheme
    key_id: str
    secret: str


def new_secret(scheme: SignatureScheme) -> str:
    """Return a secret as the receiver keeps it."""
    if scheme == SignatureScheme.DRAAGVLAK:
        return secrets.token_urlsafe(SECRET_BYTES)
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signed_headers(
    signer: Signer, *, event: str, delivery: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers of a message. `delivery` is its id, `timestamp` in seconds since 1970."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Draagvlak-Webhook/1",
        "Draagvlak-Event": event,
        "Draagvlak-Key": signer.key_id,
    }
    if signer.scheme == SignatureScheme.DRAAGVLAK:
        return headers | {
            "Draagvlak-Delivery": delivery,
            "Draagvlak-Timestamp": str(timestamp),
            "Draagvlak-Signature": f"v1={_own_signature(signer.secret, timestamp, body)}",
        }
    moment = datetime.fromtimestamp(timestamp, UTC)
    return headers | {
        "webhook-id": delivery,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": Webhook(signer.secret).sign(delivery, moment, body.decode()),
    }


def _own_signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return HMAC-SHA256 over the timestamp, a full stop and the body, as hexadecimal text."""
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hex()
