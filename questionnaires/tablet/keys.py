"""Secrets that lock what a nurse keeps on a tablet. The server makes them from its own key and keeps none.

The device secret stays in the tablet's browser, beside what it locks; the other two do not. The recovery
secret is handed out again only against the password, the unsealing secret to whoever is logged in and may
still work. The contact token tells which tablet of whom asks, without a log-in. See docs/tablet.md.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from care.schema.models import Membership

NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class TabletKeys:
    """Three secrets of 32 bytes, of one nurse in one organisation, under a nonce of 32 hexadecimal digits."""

    nonce: str
    device: bytes
    recovery: bytes
    unsealing: bytes


def new_keys(membership: Membership) -> TabletKeys:
    """Return secrets that nobody has had before."""
    nonce = secrets.token_hex(NONCE_BYTES)
    return TabletKeys(
        nonce,
        device=_secret("device", membership, nonce),
        recovery=recovery_secret(membership, nonce),
        unsealing=unsealing_secret(membership, nonce),
    )


def recovery_secret(membership: Membership, nonce: str) -> bytes:
    """Return the recovery secret that was handed out under a nonce."""
    return _secret("recovery", membership, nonce)


def unsealing_secret(membership: Membership, nonce: str) -> bytes:
    """Return what opens a vault for its PIN again after it was sealed."""
    return _secret("unsealing", membership, nonce)


def contact_token(membership: Membership, device: UUID) -> str:
    """Return by which a tablet is known when nobody is logged in on it, 64 hexadecimal digits."""
    return _secret("contact", membership, device.hex).hex()


def is_contact_token(membership: Membership, device: UUID, token: str) -> bool:
    """Tell whether a token is the one that this tablet was given for this nurse."""
    return hmac.compare_digest(contact_token(membership, device).encode(), token.encode())


def _secret(kind: str, membership: Membership, nonce: str) -> bytes:
    text = f"tablet.{kind}:{membership.organisation_id}:{membership.user_id}:{nonce}"
    return hmac.digest(settings.LOOKUP_KEY, text.encode("ascii"), hashlib.sha256)
