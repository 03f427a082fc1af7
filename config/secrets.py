"""Secrets of this installation: from the environment; in embedded mode made once and kept in var/."""

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from config import atomic, environment
from config.embedded import folders
from config.embedded.paths import TABLES_STAMP, Layout

KEY_BYTES = 32


@dataclass(frozen=True)
class Secrets:
    """What must stay secret: the signing key, field keys by id (newest first), the key of the BSN hash."""

    signing: str
    field_keys: dict[str, bytes]
    lookup_key: bytes


@dataclass(frozen=True)
class _Kept:
    """The same as it stands in its file: keys in base64."""

    __pydantic_config__ = ConfigDict(hide_input_in_errors=True)

    signing: str
    field_keys: dict[str, str]
    lookup_key: str


_KEPT = TypeAdapter(_Kept)


def load(*, embedded: bool, var: Path) -> Secrets:
    """Return the secrets. Raises WrongSettingError if one is missing or malformed outside embedded mode."""
    if not embedded:
        return _from_environment()
    return _from_file(var / "secrets.json")


def _from_environment() -> Secrets:
    signing = environment.text("DRAAGVLAK_SECRET_KEY")
    if len(signing) < KEY_BYTES:
        raise environment.WrongSettingError("DRAAGVLAK_SECRET_KEY", "set 32 or more random characters")
    pairs = [item.partition(":") for item in environment.listed("DRAAGVLAK_FIELD_KEYS")]
    if not pairs:
        raise environment.WrongSettingError(
            "DRAAGVLAK_FIELD_KEYS", "set id:key, the key as base64 of 32 bytes"
        )
    keys = {key_id: _decode("DRAAGVLAK_FIELD_KEYS", key) for key_id, _, key in pairs}
    lookup = _decode("DRAAGVLAK_LOOKUP_KEY", environment.text("DRAAGVLAK_LOOKUP_KEY"))
    return Secrets(signing=signing, field_keys=keys, lookup_key=lookup)


def _from_file(path: Path) -> Secrets:
    if not path.exists():
        _refuse_beside_data(path)
        _create(path)
    kept = _KEPT.validate_json(path.read_bytes())
    keys = {key_id: _decode(path.name, key) for key_id, key in kept.field_keys.items()}
    return Secrets(signing=kept.signing, field_keys=keys, lookup_key=_decode(path.name, kept.lookup_key))


def _refuse_beside_data(path: Path) -> None:
    """Make no new keys beside tables that were made under others: those would not open what is there."""
    if (folders.known_home(Layout(path.parent)) / TABLES_STAMP).exists():
        raise environment.WrongSettingError(
            str(path),
            "ontbreekt, en de database hier is met die sleutels beveiligd: zet het bestand terug, of begin"
            " met een lege map (DRAAGVLAK_VAR). / is missing, and the database here was made under these"
            " keys: put the file back, or begin with an empty folder (DRAAGVLAK_VAR).",
        )


def _create(path: Path) -> None:
    """Write new secrets so that of several processes at once exactly one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, lookup = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    fresh = Secrets(secrets.token_urlsafe(48), {"1": first}, lookup)
    encoded = {key_id: _encode(key) for key_id, key in fresh.field_keys.items()}
    kept = _Kept(fresh.signing, encoded, _encode(fresh.lookup_key))
    atomic.written_once(path, _KEPT.dump_json(kept))


def _encode(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii")


def _decode(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise environment.WrongSettingError(name, "use the base64 form of 32 random bytes")
    return key
