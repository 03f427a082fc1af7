"""`export_separate --organisation AGB --uzovi NNNN`: make a separate file of what waits."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.tenancy.commands import (
    CommandRefused,
    ShellCommand,
    agb_argument,
    organisation_scope,
    uzovi_argument,
)
from declarations.delivery import separate_delivery
from declarations.queries.commands import refusals
from declarations.schema.models import Export


class Command(ShellCommand):
    """Exit 0: the new file's id is the last line; export_declarations writes it out. 1: nothing waits."""

    help = "Maakt een apart bestand van alle profielen die voor een verzekeraar wachten."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the organisation and the addressee (0108)."""
        parser.add_argument("--organisation", metavar="AGB", type=agb_argument, required=True)
        parser.add_argument("--uzovi", metavar="NNNN", type=uzovi_argument, required=True)

    def carry_out(self, **options: Any) -> None:
        """Make the file in one transaction."""
        with refusals(), organisation_scope(options["organisation"]) as organisation:
            made = separate_delivery.make_separate(organisation=organisation, uzovi=options["uzovi"])
            if made is None:
                raise CommandRefused(_("Er wacht geen profiel op een apart bestand voor deze verzekeraar."))
            count = Export.objects.get(file=made).inserted_count
        sentence = ngettext("%(count)d profielregel.", "%(count)d profielregels.", count)
        self.stdout.write(sentence % {"count": count})
        self.stdout.write(str(made.public_id))
