"""Places for long work: how much of it goes on at one moment, over all machines, so that the rest goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from django.conf import settings

from care.tenancy.locks import try_advisory_lock

# Written and proven in about a second; a list of so many answers is recorded in about two.
SHORT_RECORDS: Final = 20_000


@contextmanager
def place(*, is_short: bool) -> Iterator[bool]:
    """Tell whether a place for long work is free, and hold it until the end.

    Where there are several, one is kept for short work: that never waits for a long piece to end.
    """
    with ExitStack() as taken:
        for number in numbers_of(is_short=is_short):
            with ExitStack() as tried:
                if tried.enter_context(try_advisory_lock(f"export place {number}")):
                    taken.push(tried.pop_all())
                    break
        else:
            yield False
            return
        yield True


@contextmanager
def turn_and_place(name: str, *, is_short: bool) -> Iterator[str]:
    """Give the turn of a piece of long work and a place for it; else why not: "taken" or "busy"."""
    with try_advisory_lock(name) as is_mine, place(is_short=is_short) as has_room:
        yield "" if is_mine and has_room else "busy" if is_mine else "taken"


def numbers_of(*, is_short: bool) -> range:
    """Return which places work may have, in the order in which they are tried."""
    every = settings.EXPORTS_AT_ONCE
    if is_short:
        return range(every - 1, -1, -1)
    return range(max(every - 1, 1))
