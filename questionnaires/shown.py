"""What this app shows on pages of other apps: links of the menu, places, and panels."""

from django.utils.translation import gettext_lazy as _

from care.registries import menu, panels, places
from care.registries.menu import Link
from care.registries.panels import Slot
from care.schema.constants import Role


def register() -> None:
    """Register it, when the product starts."""
    menu.register(Role.ADMINISTRATOR, Link(30, "device-list", _("Toestellen")))
    places.register(client_details="client-edit")
    panels.register(Slot.CLIENT_FORM_NOTES, "questionnaires/care_note.html")
    panels.register(Slot.CLIENT_FORM, "questionnaires/death_link.html", place=2)
    panels.register(Slot.PERSON, "questionnaires/waiting_panel.html")
