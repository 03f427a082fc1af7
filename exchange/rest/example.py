"""How a shape shows an example of itself in the document."""

from pydantic import ConfigDict


def example(**values: object) -> ConfigDict:
    """Return the configuration of a shape that shows these values in the document."""
    return ConfigDict(json_schema_extra={"example": values})  # type: ignore[dict-item]
