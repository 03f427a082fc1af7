"""The address of this installation's website, so that a link which a command prints works."""

from pathlib import Path

from config import atomic, environment

NAME = "address"


def of_site(var: Path) -> str:
    """Return the address that people use: as set, else on the port that is set, else where it last ran."""
    told = environment.text("DRAAGVLAK_URL")
    if not told and not environment.text("PORT"):
        told = _remembered(var)
    return (told or f"http://localhost:{port()}").rstrip("/")


def port() -> int:
    """Return the port on which the website listens."""
    return environment.whole_number("PORT", 8000, least=1, most=65535)


def remember(var: Path, address: str) -> None:
    """Keep the address of the website that starts now."""
    with atomic.replaced(var / NAME, is_private=False) as file:
        file.write(address.encode())


def _remembered(var: Path) -> str:
    try:
        return (var / NAME).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
