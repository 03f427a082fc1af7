"""What the pages of an anamnese hand to their script."""

import json

from django import template

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    """The value as JSON, for a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
