"""Counting that forgets by itself: in Redis for all processes, or in this one where Redis takes no part."""

import logging
import threading
import time
from collections.abc import Mapping
from functools import cache

import redis
from django.conf import settings

PATIENCE = 1.0  # seconds for Redis to answer
ROOM = 20_000  # keys that one process remembers at most

log = logging.getLogger(__name__)
_lock = threading.Lock()
_own: dict[str, tuple[int, float]] = {}


def raised(keys: Mapping[str, int]) -> list[int]:
    """Count one up for each key and return the new counts; a key is forgotten its seconds after the first."""
    try:
        with _client().pipeline() as pipe:
            for key, seconds in keys.items():
                pipe.set(key, 0, ex=seconds, nx=True)
                pipe.incr(key)
            return [int(count) for count in pipe.execute()[1::2]]
    except (redis.RedisError, ValueError) as error:
        _say_alone(error)
        return [_raise_own(key, seconds) for key, seconds in keys.items()]


def lowered(*keys: str) -> None:
    """Take one count back from each key that still counts."""
    try:
        with _client().pipeline() as pipe:
            for key in keys:
                pipe.eval(_LOWER, 1, key)
            pipe.execute()
    except (redis.RedisError, ValueError) as error:
        _say_alone(error)
    with _lock:
        for key in keys:
            if key in _own:
                _own[key] = (_own[key][0] - 1, _own[key][1])


def forget(*keys: str) -> None:
    """Begin anew."""
    try:
        _client().delete(*keys)
    except (redis.RedisError, ValueError) as error:
        _say_alone(error)
    with _lock:
        for key in keys:
            _own.pop(key, None)


_LOWER = "if redis.call('exists', KEYS[1]) == 1 then return redis.call('decr', KEYS[1]) end return 0"


def _raise_own(key: str, seconds: int) -> int:
    now = time.monotonic()
    with _lock:
        count, until = _own.get(key, (0, 0.0))
        _own[key] = (count + 1, until) if until > now else (1, now + seconds)
        if len(_own) > ROOM:
            _make_room(now)
        return _own[key][0]


def _make_room(now: float) -> None:
    """Forget what is over, and if that is not enough what would be over first."""
    for key in [key for key, (_count, until) in _own.items() if until <= now]:
        del _own[key]
    for key in sorted(_own, key=lambda key: _own[key][1])[: max(0, len(_own) - ROOM)]:
        del _own[key]


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _say_alone(error: Exception) -> None:
    log.error("counting_alone fault=%s", type(error).__name__)
