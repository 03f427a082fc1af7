"""The instruments that come with the product, one JSON file a version."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from questionnaires.definition import Instrument, load

#: The name of the instrument that new anamneses use unless a successor has been loaded.
SHIPPED = "dkdl-2.0"


def read(name: str = SHIPPED) -> dict[str, Any]:
    """The definition as it stands in its file, for the row of a version and for the tablet."""
    text = Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    definition: dict[str, Any] = json.loads(text)
    return definition


@cache
def shipped() -> Instrument:
    """The shipped instrument, read and checked once; a file of the product never changes while it runs."""
    return load(read())
