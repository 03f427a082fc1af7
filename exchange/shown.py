"""What this app shows on pages of other apps: a link of the menu."""

from django.utils.translation import gettext_lazy as _

from care.registries import menu
from care.registries.menu import Link
from care.schema.constants import Role


def register() -> None:
    """Register it, when the product starts."""
    menu.register(Role.ADMINISTRATOR, Link(80, "link-list", _("Koppelingen")))
