"""The part of a file's page about what happened after it was made."""

from typing import Any

from django import template

from declarations.models import DeclarationFile
from declarations.outgoing import deliveries, replies

register = template.Library()


@register.inclusion_tag("declarations/outgoing.html")
def after_making(file: DeclarationFile) -> dict[str, Any]:
    """Show when a file that was made was handed over, and how its records were answered."""
    rows = list(deliveries.of_file(file))
    return {
        "file": file,
        "deliveries": rows,
        "is_delivered": bool(deliveries.delivered_among([file.pk])),
        "tally": replies.tally_of(file),
    }
