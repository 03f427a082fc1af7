"""`add_insurer UZOVI NAME`: add an insurer, or update its name."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.accounts import organisations
from care.tenancy.commands import ShellCommand, uzovi_argument


class Command(ShellCommand):
    """Exit 0: added or updated. 2: wrong use."""

    help = "Voegt een zorgverzekeraar toe; bestaat het UZOVI-nummer al, dan wordt de naam bijgewerkt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare UZOVI and NAME."""
        parser.add_argument("uzovi", metavar="UZOVI", type=uzovi_argument)
        parser.add_argument("name", metavar="NAME")

    def carry_out(self, **options: Any) -> None:
        """Add or update, and say which."""
        insurer, created = organisations.add_insurer(uzovi=options["uzovi"], name=options["name"])
        sentence = _("%(name)s is toegevoegd.") if created else _("%(name)s is bijgewerkt.")
        self.stdout.write(sentence % {"name": insurer.name})
