"""The instruments that come with the product, one JSON file a version."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from questionnaires.instruments.definition import Instrument, load

#: In the order of loading. New anamneses use the last; the others stay for who began with them.
SHIPPED = ("dkdl-2.0", "dkdl-2.0.1")


def read(name: str = SHIPPED[-1]) -> dict[str, Any]:
    """The definition as it stands in its file, for the row of a version and for the tablet."""
    text = Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    definition: dict[str, Any] = json.loads(text)
    return definition


@cache
def shipped() -> Instrument:
    """The instrument in use, read and checked once; a file of the product never changes while it runs."""
    return load(read())
