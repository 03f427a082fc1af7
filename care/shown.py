"""What this app shows on pages of other apps: links of the menu."""

from django.utils.translation import gettext_lazy as _

from care.registries import menu
from care.registries.menu import Link
from care.schema.constants import Role


def register() -> None:
    """Register it, when the product starts."""
    menu.register(Role.NURSE, Link(30, "client-add", _("Nieuwe cliënt")))
    menu.register(
        Role.ADMINISTRATOR,
        Link(10, "user-list", _("Mensen")),
        Link(20, "team-list", _("Teams")),
        Link(40, "organisation-settings", _("Organisatie")),
        Link(50, "client-register", _("Cliënten")),
    )
    menu.register(Role.PRIVACY_OFFICER, Link(10, "access-log", _("Wie zag welk dossier")))
