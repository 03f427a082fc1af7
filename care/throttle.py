"""Slowing down who guesses passwords: failures are counted per account and address, and per account.

Redis counts and forgets by itself; it holds keyed hashes, no e-mail address. Where Redis does not answer
nobody is held up: logging in goes on.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.http import HttpRequest

PREFIX = "login-failures"
PATIENCE = 1.0  # seconds for Redis to answer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """How many failures are let through in how many seconds, counted from the first."""

    name: str
    failures: int
    seconds: int


@dataclass(frozen=True)
class Attempt:
    """Who somebody says to be (an e-mail address, whatever its capitals), and the network address used."""

    email: str
    address: str


PER_PLACE = Limit("place", 10, 15 * 60)
# OWASP ASVS 4.0.3, 2.2.1: no more than 100 failures an hour on one account, from wherever.
PER_ACCOUNT = Limit("account", 100, 3600)


def attempt_of(request: HttpRequest | None, email: str) -> Attempt:
    """Return the attempt of a request, from the address that the proxy in front saw, where there is one."""
    if request is None:
        return Attempt(email, "")
    seen = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return Attempt(email, seen.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", "")))


def is_held_up(attempt: Attempt) -> bool:
    """Tell whether so many attempts like this one failed that it may not even be made."""
    limits = (PER_PLACE, PER_ACCOUNT)
    try:
        counts = _client().mget([_key(limit, attempt) for limit in limits])
    except (redis.RedisError, ValueError) as error:
        _say_off(error)
        return False
    full = [limit for limit, count in zip(limits, counts, strict=True) if int(count or 0) >= limit.failures]
    for limit in full:
        log.warning("login_held_up limit=%s", limit.name)
    return bool(full)


def note_failure(attempt: Attempt) -> None:
    """Count an attempt that failed."""
    try:
        with _client().pipeline() as pipe:
            for limit in (PER_PLACE, PER_ACCOUNT):
                pipe.set(_key(limit, attempt), 0, ex=limit.seconds, nx=True)
                pipe.incr(_key(limit, attempt))
            pipe.execute()
    except (redis.RedisError, ValueError) as error:
        _say_off(error)


def forget(attempt: Attempt) -> None:
    """Begin anew at this address, where somebody knew the password; what others try goes on counting."""
    try:
        _client().delete(_key(PER_PLACE, attempt))
    except (redis.RedisError, ValueError) as error:
        _say_off(error)


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _key(limit: Limit, attempt: Attempt) -> str:
    place = attempt.address if limit.name == PER_PLACE.name else ""
    words = "\n".join((limit.name, attempt.email.strip().lower(), place))
    digest = hmac.digest(settings.LOOKUP_KEY, words.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"{PREFIX}:{digest.hex()}"


def _say_off(error: Exception) -> None:
    log.error("login_throttle_off fault=%s", type(error).__name__)
