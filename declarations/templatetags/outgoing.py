"""The parts of a file's page about what was made, and about what happened after that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.translation import gettext as _

from care.schema.models import Client
from declarations.delivery import deliveries
from declarations.delivery.progress_views import presented_job
from declarations.handover import blocking
from declarations.handover.blocking import events_of, fetched_of, was_handed_over
from declarations.matching import corrections
from declarations.queries.reply_queries import last_answer
from declarations.replies import services
from declarations.schema.constants import Handover
from declarations.schema.delivery_models import EarlierExport
from declarations.schema.models import DeclarationFile
from profiles.schema.models import ClientProfile

register = template.Library()


@register.inclusion_tag("declarations/delivery/outgoing.html")
def after_making(file: DeclarationFile) -> dict[str, Any]:
    """Show when a file that was made was handed over, and how its records were answered."""
    rows = list(deliveries.of_file(file))
    return {
        "file": file,
        "deliveries": rows,
        "is_delivered": bool(deliveries.delivered_among([file.pk])),
        "tally": services.tally_of(file),
    }


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """An earlier version of a file that was made, and who fetched that."""

    version: int
    made_at: datetime
    sha256: str
    who_fetched: str
    is_delivered: bool


@register.inclusion_tag("declarations/delivery/handover.html", takes_context=True)
def handing_over(context: RequestContext, file: DeclarationFile) -> dict[str, Any]:
    """Show whether a made file may go and went, why not, and what can be done."""
    whys = blocking.whys(file) if file.handover == Handover.BLOCKED else []
    return {
        "csrf_token": context.get("csrf_token"),
        "file": file,
        "whys": whys,
        "persons": sum(why.count for why in whys),
        "fetched": fetched_of(file, file.version),
        "events": events_of(file),
        "earlier": [_earlier_line(file, one) for one in file.earlier.order_by("version")],
        "job": presented_job(file),
    }


def _earlier_line(file: DeclarationFile, one: EarlierExport) -> EarlierLine:
    names = dict.fromkeys(fetched.who for fetched in fetched_of(file, one.version))
    is_delivered = was_handed_over(file) and one.sha256 == file.export.sha256
    return EarlierLine(one.version, one.made_at, one.sha256, ", ".join(names), is_delivered)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A profile of which the insurer sent the code back, and why."""

    profile: ClientProfile
    reason: str


@register.inclusion_tag("declarations/delivery/returned.html")
def returned_to_nurse(client: Client) -> dict[str, Any]:
    """Tell a nurse what the insurer sent back of a client: she can correct the anamnese."""
    lines = [
        ReturnedLine(row.corrects.profile, answer.reason)
        for row in (corrections.returned_of(client) if corrections.has_returned(client) else ())
        if row.corrects and (answer := last_answer(row.corrects))
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
