"""How long to wait before something is tried again: longer each time."""

from datetime import timedelta

#: So long that no scheduled work comes near it.
NEVER_LONGER = timedelta(days=1)


def pause_after(
    attempts: int, *, first: timedelta, factor: int = 2, longest: timedelta = NEVER_LONGER
) -> timedelta:
    """Return how long to wait after so many attempts (1 or more): `factor` times as long each time."""
    pause = first
    for _attempt in range(1, attempts):
        if pause >= longest:
            return longest
        pause *= factor
    return min(pause, longest)
