"""The parts of a file's page about what was made, and about what happened after that."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from care.models import Client
from declarations.apart import corrections
from declarations.models import DeclarationFile
from declarations.outgoing import deliveries, replies
from profiles.models import ClientProfile

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


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A profile of which the insurer sent the code back, and why."""

    profile: ClientProfile
    reason: str


@register.inclusion_tag("declarations/returned.html")
def returned_to_nurse(client: Client) -> dict[str, Any]:
    """Tell a nurse what the insurer sent back of a client: she can correct the anamnese."""
    lines = [
        ReturnedLine(row.corrects.profile, answer.reason)
        for row in corrections.returned_of(client)
        if row.corrects and (answer := replies.last_answer(row.corrects))
    ]
    return {"returned": list(dict.fromkeys(lines))}


@dataclass(frozen=True, slots=True)
class RecordsRow:
    """How many records of a type came in, and how many went out."""

    name: str
    before: int
    after: int


@register.filter
def records_side_by_side(manifest: dict[str, Any]) -> list[RecordsRow]:
    """The records of a manifest per type, as they came in and as they went out."""
    names = {
        "01": _("01 voorlooprecord"),
        "02": _("02 verzekerden"),
        "04": _("04 prestaties"),
        "98": _("98 commentaar"),
        "99": _("99 sluitrecord"),
        "all": _("Samen"),
    }
    before, after = (manifest["original"] or {}).get("records", {}), manifest["result"]["records"]
    return [RecordsRow(name, before.get(kind, 0), after[kind]) for kind, name in names.items()]
