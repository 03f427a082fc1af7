"""Slowing down who guesses passwords, without letting strangers lock anybody out.

Each attempt is counted before the password is looked at, so that many at once count too; one that succeeds
is taken back. Somebody at a device that logged in before (a signed cookie says so) is held up by her own
mistakes only. Strangers are counted per account and address, per account from wherever (OWASP ASVS 5.0,
6.3.1), and per address over all accounts, which is what trying one password on many accounts looks like.
The counts stand under keyed hashes, without an e-mail address.
"""

import hashlib
import hmac
import ipaddress
import logging
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from care.accounts import counters

PREFIX = "login-attempts"
COOKIE = "known-device"
COOKIE_SECONDS = 180 * 24 * 3600
ACCOUNTS_PER_DEVICE = 10  # tablets are shared

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """How many attempts are let through in how many seconds, counted from the first."""

    name: str
    attempts: int
    seconds: int


@dataclass(frozen=True)
class Attempt:
    """Who somebody says to be (an e-mail address, whatever its capitals), and from where.

    `device`: the one where that account logged in before; none for strangers.
    """

    email: str
    address: str
    device: str = ""


PER_DEVICE = Limit("device", 10, 15 * 60)
PER_PLACE = Limit("place", 10, 15 * 60)
PER_ACCOUNT = Limit("account", 10, 3600)
PER_ADDRESS = Limit("address", 20, 15 * 60)
FOR_STRANGERS = (PER_PLACE, PER_ACCOUNT, PER_ADDRESS)


def attempt_of(request: HttpRequest | None, email: str) -> Attempt:
    """Return the attempt of a request, from the address that the proxy in front saw, where there is one."""
    if request is None:
        return Attempt(email, "")
    seen = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    address = seen.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    device, accounts = _device_of(request)
    return Attempt(email, place_of(address), device if _mark(email) in accounts else "")


def place_of(address: str) -> str:
    """Return what one sender can hardly change of an address: of IPv6 the network, and never a port."""
    host = address.rpartition(":")[0] if "]:" in address or address.count(":") == 1 else address
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def begin(attempt: Attempt) -> bool:
    """Count an attempt; return whether the password may be looked at."""
    limits = _limits(attempt)
    counts = counters.raised({_key(limit, attempt): limit.seconds for limit in limits})
    full = [limit.name for limit, count in zip(limits, counts, strict=True) if count > limit.attempts]
    if full:
        log.warning("login_held_up limit=%s", ",".join(full))
    return not full


def succeeded(attempt: Attempt) -> None:
    """Begin anew at this place, where somebody knew the password; what others try goes on counting."""
    counters.forget(*(_key(limit, attempt) for limit in (PER_DEVICE, PER_PLACE)))
    if not attempt.device:
        counters.lowered(*(_key(limit, attempt) for limit in (PER_ACCOUNT, PER_ADDRESS)))


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Mark the device of who just logged in as one where this account is at home."""
    mark = _mark(email)
    device, before = _device_of(request)
    accounts = [mark, *(each for each in before if each != mark)][:ACCOUNTS_PER_DEVICE]
    response.set_signed_cookie(
        COOKIE,
        ".".join([device or secrets.token_hex(16), *accounts]),
        salt=COOKIE,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _limits(attempt: Attempt) -> tuple[Limit, ...]:
    return (PER_DEVICE,) if attempt.device else FOR_STRANGERS


def _device_of(request: HttpRequest) -> tuple[str, list[str]]:
    """Return which device asks, and the marks of the accounts that logged in on it."""
    try:
        value = request.get_signed_cookie(COOKIE, salt=COOKIE, max_age=COOKIE_SECONDS)
    except (KeyError, signing.BadSignature):
        return "", []
    device, *accounts = (value or "").split(".")
    return device, accounts


def _mark(email: str) -> str:
    """Return what stands for an account on a device: says nothing to who reads the cookie."""
    return _digest("mark", email.strip().lower())[:32]


def _key(limit: Limit, attempt: Attempt) -> str:
    email = "" if limit is PER_ADDRESS else attempt.email.strip().lower()
    # A cookie that was taken along is the same device, wherever it is used from.
    place = {PER_ACCOUNT: "", PER_DEVICE: attempt.device}.get(limit, attempt.address)
    return f"{PREFIX}:{_digest(limit.name, email, place)}"


def _digest(*words: str) -> str:
    text = "\n".join(words).encode("utf-8", "surrogatepass")
    return hmac.digest(settings.LOOKUP_KEY, text, hashlib.sha256).hex()
