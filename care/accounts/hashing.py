"""Hashing passwords one at a time, below everything else: it costs a fifth of a second of a core on purpose.

Whoever guesses keeps this thread busy, and no page: the thread has a low priority, and the gate of the
website lets few wait for it.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache

from django.contrib.auth.hashers import ScryptPasswordHasher

LOW_PRIORITY = 10


class OneAtATimeHasher(ScryptPasswordHasher):
    """Scrypt as Django sets it (OWASP: N=2^14, r=8, p=5), computed in the one thread for it."""

    def encode(
        self, password: str, salt: str, n: int | None = None, r: int | None = None, p: int | None = None
    ) -> str:
        """Return the hash of a password."""
        encode: Callable[..., str] = super().encode
        return _thread_of(os.getpid()).submit(encode, password, salt, n, r, p).result()


@cache
def _thread_of(_process: int) -> ThreadPoolExecutor:
    """Return the thread of a process: one that was forked has none of its parent's."""
    return ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=_step_back)


def _step_back() -> None:
    with suppress(OSError, AttributeError):  # not every system has priorities per thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)
