"""Encryption of single values and of stored files, and the keyed hash by which a BSN is found.

AES-256-GCM; a token is: format byte, length of the key id, key id, 12 bytes nonce, ciphertext with tag.
The newest key writes, every known key reads, so that keys can be changed without a stop.
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORMAT = 1
NONCE_BYTES = 12
SHORTEST = 2 + NONCE_BYTES


class UnreadableValueError(Exception):
    """A stored value was not written with a key that this installation knows, or was tampered with."""


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(plain: bytes, *, purpose: str) -> bytes:
    """Return plain as a token; purpose (table and column) must be the same when it is read."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    name = key_id.encode("ascii")
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, plain, purpose.encode("ascii"))
    return bytes((FORMAT, len(name))) + name + nonce + sealed


def decrypt(token: bytes, *, purpose: str) -> bytes:
    """Return what encrypt() was given. Raises UnreadableValueError."""
    if len(token) < SHORTEST or token[0] != FORMAT:
        raise UnreadableValueError(purpose)
    name_end = 2 + token[1]
    nonce_end = name_end + NONCE_BYTES
    key = settings.FIELD_KEYS.get(token[2:name_end].decode("ascii", "replace"))
    if key is None or len(token) < nonce_end:
        raise UnreadableValueError(purpose)
    try:
        return _cipher(key).decrypt(token[name_end:nonce_end], token[nonce_end:], purpose.encode("ascii"))
    except InvalidTag as error:
        raise UnreadableValueError(purpose) from error


def key_id_of(token: bytes) -> str:
    """Return the id of the key that a token was made with."""
    return token[2 : 2 + token[1]].decode("ascii")


def bsn_hash(bsn: str, *, organisation_id: int) -> bytes:
    """Return 32 bytes by which one organisation finds a BSN; of no use in another organisation."""
    return hmac.digest(settings.LOOKUP_KEY, f"{organisation_id}:{bsn}".encode("ascii"), hashlib.sha256)
