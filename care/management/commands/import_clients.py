"""`import_clients FILE --organisation AGB`: add or update the clients of an organisation."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import ngettext

from care.clients.client_import import COLUMNS, EXTRA_COLUMNS, import_clients
from care.tenancy.commands import ImportProblems, ShellCommand, agb_argument, organisation_scope, read_rows


class Command(ShellCommand):
    """Exit 0: all rows are in. 1: nothing is, each problem on stderr with its line. 2: no such CSV file."""

    help = "Leest cliënten in uit een CSV-bestand; een cliënt met hetzelfde BSN wordt bijgewerkt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE and the organisation."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--organisation", metavar="AGB", type=agb_argument, required=True)

    def carry_out(self, **options: Any) -> None:
        """Import all rows in one transaction, and say how many."""
        problems = ImportProblems()
        with organisation_scope(options["organisation"]) as organisation:
            rows = read_rows(options["file"], COLUMNS, problems, extra=EXTRA_COLUMNS)
            count = import_clients(organisation=organisation, rows=rows, problems=problems)
        self.stdout.write(
            ngettext(
                "%(added)d cliënt toegevoegd, %(updated)d bijgewerkt.",
                "%(added)d cliënten toegevoegd, %(updated)d bijgewerkt.",
                count.added,
            )
            % {"added": count.added, "updated": count.updated}
        )
