"""What this app shows on pages of other apps: a link of the menu; and what it follows."""

from django.utils.translation import gettext_lazy as _

from care.registries import menu
from care.registries.menu import Link
from care.schema.constants import Role
from exchange.webhooks import telling


def register() -> None:
    """Register it, when the product starts."""
    telling.register()
    menu.register(Role.ADMINISTRATOR, Link(80, "link-list", _("Koppelingen")))
