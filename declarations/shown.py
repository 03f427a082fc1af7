"""What this app shows on pages of other apps: links of the menu, places, and panels; and what it follows."""

from django.utils.translation import gettext_lazy as _

from care.registries import domain_events, menu, panels, places
from care.registries.menu import Link
from care.registries.panels import Slot
from care.schema.constants import Role
from care.schema.domain_events import InsurerAdded
from declarations.intake import addressees


def register() -> None:
    """Register it, when the product starts."""
    menu.register(
        Role.DECLARATION_OFFICER,
        Link(10, "file-list", _("Bestanden")),
        Link(20, "file-upload", _("Bestand inlezen")),
        Link(30, "apart-list", _("Aparte bestanden")),
        Link(40, "basis-list", _("Grondslagen")),
    )
    menu.register(
        Role.ADMINISTRATOR, Link(60, "basis-list", _("Grondslagen")), Link(70, "release-list", _("Cijfers"))
    )
    menu.register(
        Role.PRIVACY_OFFICER,
        Link(20, "download-log", _("Opgehaald")),
        Link(30, "basis-list", _("Grondslagen")),
    )
    menu.register(
        Role.INSURER, Link(10, "insurer-files", _("Bestanden")), Link(20, "insurer-figures", _("Cijfers"))
    )
    places.register(client_disclosures="client-sent", legal_bases="basis-list")
    domain_events.follow(InsurerAdded, addressees.name_addressee)
    panels.register(Slot.ORGANISATION, "declarations/agreements/phases_link.html")
    panels.register(Slot.CLIENT_PAGE, "declarations/matching/returned_panel.html")
    panels.register(Slot.CLIENT_STATEMENTS, "declarations/history/sent_link.html")
    panels.register(Slot.PROFILE_ACTIONS, "declarations/history/trail_link.html")
