"""`add_organisation AGB NAME --team NAME[:GEMEENTE]… [--phase …]`: add an organisation, or update it."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.accounts import organisations
from care.accounts.organisations import TeamName
from care.schema.constants import Phase
from care.tenancy.commands import ShellCommand, agb_argument


class Command(ShellCommand):
    """Exit 0: added or updated. 2: wrong use."""

    help = "Voegt een zorgaanbieder toe; bestaat de AGB-code al, dan worden naam en teams bijgewerkt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare AGB, NAME, teams and phase."""
        parser.add_argument("agb", metavar="AGB", type=agb_argument)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--team", dest="teams", metavar="NAME[:GEMEENTE]", action="extend", nargs="+", default=[]
        )
        parser.add_argument("--phase", choices=Phase.values)

    def carry_out(self, **options: Any) -> None:
        """Add or update, and say which."""
        organisation, created = organisations.add_organisation(
            agb=options["agb"],
            name=options["name"],
            teams=[_team(text) for text in options["teams"]],
            phase=Phase(options["phase"]) if options["phase"] else None,
        )
        sentence = _("%(name)s is toegevoegd.") if created else _("%(name)s is bijgewerkt.")
        self.stdout.write(sentence % {"name": organisation.name})


def _team(text: str) -> TeamName:
    name, _colon, municipality = text.partition(":")
    return TeamName(name.strip(), municipality.strip())
