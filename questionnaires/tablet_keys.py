"""Secrets that lock what a nurse keeps on a tablet. The server makes them from its own key and keeps none.

The device secret stays in the tablet's browser, beside what it locks; the recovery secret does not, and is
handed out again only against the password. See docs/tablet.md.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings

from care.models import Membership

NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class TabletKeys:
    """Two secrets of 32 bytes, of one nurse in one organisation, under a nonce of 32 hexadecimal digits."""

    nonce: str
    device: bytes
    recovery: bytes


def new_keys(membership: Membership) -> TabletKeys:
    """Return secrets that nobody has had before."""
    nonce = secrets.token_hex(NONCE_BYTES)
    return TabletKeys(
        nonce, device=_secret("device", membership, nonce), recovery=recovery_secret(membership, nonce)
    )


def recovery_secret(membership: Membership, nonce: str) -> bytes:
    """Return the recovery secret that was handed out under a nonce."""
    return _secret("recovery", membership, nonce)


def _secret(kind: str, membership: Membership, nonce: str) -> bytes:
    text = f"tablet.{kind}:{membership.organisation_id}:{membership.user_id}:{nonce}"
    return hmac.digest(settings.LOOKUP_KEY, text.encode("ascii"), hashlib.sha256)
