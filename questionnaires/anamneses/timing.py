"""How long somebody was busy with an anamnese, as a page tells it; see docs/tablet.md."""

MOST_AT_ONCE = 3600


def busy_seconds(told: str) -> int:
    """Return the seconds since what was saved before; what is no sensible number counts as none."""
    is_number = told.isascii() and told.isdigit() and len(told) <= len(str(MOST_AT_ONCE))
    return int(told) if is_number and int(told) <= MOST_AT_ONCE else 0
