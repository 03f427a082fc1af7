"""From published rules, of either format, to a model."""

from collections.abc import Mapping
from typing import Any, cast

from profiles.engine import first_format
from profiles.engine.model import Model, build_from
from profiles.engine.rules import Rules


def build(rules: Mapping[str, Any]) -> Model:
    """Turn rules into a model with all its tables made. The hash is that of the rules as they are given."""
    return build_from(in_full(rules), published=rules)


def in_full(rules: Mapping[str, Any]) -> Rules:
    """Return the rules in the format of today: what the first format left out is filled in."""
    return first_format.in_full(rules) if first_format.is_first(rules) else cast(Rules, rules)
