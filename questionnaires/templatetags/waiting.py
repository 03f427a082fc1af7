"""What still waits of somebody: shown where a role is switched off or moved, before and after."""

from typing import Any

from django import template

from care.schema.models import Organisation, User
from questionnaires.schema.models import Anamnese, AnamneseStatus
from questionnaires.tablet import devices

register = template.Library()


@register.inclusion_tag("questionnaires/waiting_work.html")
def waiting_work(person: User, organisation: Organisation) -> dict[str, Any]:
    """Return the tablets on which work of a person waits, and how many drafts are on the server."""
    drafts = Anamnese.objects.filter(
        organisation=organisation, nurse=person, status=AnamneseStatus.DRAFT
    ).count()
    return {"person": person, "devices": devices.waiting_of(person, organisation), "drafts": drafts}
