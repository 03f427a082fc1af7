"""Instrument versions: loading what is shipped, and turning a row into an instrument."""

from datetime import date
from typing import Any

from questionnaires.instruments.definition import Instrument, load
from questionnaires.instruments.definitions import SHIPPED, read
from questionnaires.schema.exceptions import VersionChangedError
from questionnaires.schema.models import InstrumentVersion

# By hash of the definition: equal text is an equal instrument, so an entry can never grow stale.
_loaded: dict[str, Instrument] = {}


def load_shipped() -> None:
    """Store the shipped definitions as versions, the newest last.

    Each is valid until its successor is loaded. Idempotent. Raises as load_version.
    """
    for name in SHIPPED:
        load_version(read(name))


def load_version(definition: dict[str, Any], *, valid_from: date | None = None) -> InstrumentVersion:
    """Store one definition as a version, in force from a day (or always).

    Raises VersionChangedError and DefinitionError.
    """
    instrument = load(definition)
    version, _is_new = InstrumentVersion.objects.get_or_create(
        key=instrument.name,
        version=instrument.version,
        defaults={
            "definition": definition,
            "definition_hash": instrument.definition_hash,
            "valid_from": valid_from,
        },
    )
    if version.definition_hash != instrument.definition_hash:
        raise VersionChangedError(kind="instrument", name=instrument.name, version=instrument.version)
    return version


def instrument_of(version: InstrumentVersion) -> Instrument:
    """Return the instrument of a version, as it was when it was loaded."""
    if version.definition_hash not in _loaded:
        _loaded[version.definition_hash] = load(version.definition)
    return _loaded[version.definition_hash]
