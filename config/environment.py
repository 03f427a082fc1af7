"""Strict readers of environment variables: a wrong value stops the start, with a sentence that names it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class WrongSettingError(ValueError):
    """An environment variable holds a value that cannot be used."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"{name}: {wanted}")


def text(name: str, default: str = "") -> str:
    """Return the value of NAME without surrounding white space."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """Return NAME as a yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    lowered = value.strip().lower()
    if lowered in TRUE:
        return True
    if lowered in FALSE:
        return False
    raise WrongSettingError(name, "use 1 or 0")


def whole_number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """Return NAME as a whole number between least and most."""
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise WrongSettingError(name, f"use a whole number from {least} to {most}")
    return int(value)


def listed(name: str) -> list[str]:
    """Return NAME as a list: items parted by commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def var_folder() -> Path:
    """Return the folder for data of this installation: DRAAGVLAK_VAR, or var/ in the checkout."""
    return Path(text("DRAAGVLAK_VAR") or ROOT / "var").expanduser().resolve()


def is_embedded() -> bool:
    """Tell whether the project runs its own PostgreSQL and Redis: so when no server is named."""
    return not text("DATABASE_URL") and not text("REDIS_URL") and not text("DATABASE_OWNER_URL")
