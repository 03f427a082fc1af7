"""What this app shows on pages of other apps: links of the menu, places, a panel; and what it follows."""

from django.utils.translation import gettext_lazy as _

from care.registries import domain_events, menu, panels, places
from care.registries.menu import Link
from care.registries.panels import Slot
from care.schema.constants import Role
from care.schema.domain_events import BirthDatesCorrected
from profiles.timeline import timeline


def register() -> None:
    """Register it, when the product starts."""
    menu.register(
        Role.NURSE,
        Link(10, "client-list", _("Mijn cliënten")),
        Link(20, "due-list", _("Bij wie is het tijd?")),
        Link(40, "tablet", _("Tablet")),
    )
    menu.register(
        Role.TEAM_LEAD,
        Link(10, "team-overview", _("Profielen van het team")),
        Link(20, "client-list", _("Cliënten")),
        Link(30, "due-calendar", _("Kalender")),
    )
    places.register(
        tablet="tablet",
        clients="client-list",
        client="client-page",
        finish="anamnese-finish",
        result="anamnese-profile",
    )
    domain_events.follow(BirthDatesCorrected, _settle_again)
    panels.register(Slot.CLIENT_FORM, "profiles/join_links.html", place=1)


def _settle_again(event: BirthDatesCorrected) -> None:
    timeline.settle_again(event.client_ids)
