"""`import_code_table FILE --organisation AGB --name NAME --table-version VERSION`: take a code table in."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.tenancy.commands import ImportProblems, ShellCommand, agb_argument, organisation_scope, read_rows
from declarations.agreements import code_table_versions


class Command(ShellCommand):
    """Exit 0: it is there. 1: refused, each problem on stderr with its line. 2: no such CSV file."""

    help = "Leest een codetabel in; daarna is hij nog nergens in gebruik."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE, the organisation, and what the table is called."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--organisation", metavar="AGB", type=agb_argument, required=True)
        parser.add_argument("--name", metavar="NAME", required=True)
        parser.add_argument("--table-version", metavar="VERSION", required=True)

    def carry_out(self, **options: Any) -> None:
        """Take the table in, in one transaction."""
        problems = ImportProblems()
        with organisation_scope(options["organisation"]) as organisation:
            taken = code_table_versions.take_in(
                organisation=organisation,
                name=options["name"],
                version=options["table_version"],
                rows=read_rows(options["file"], code_table_versions.COLUMNS, problems),
                problems=problems,
            )
        sentence = _("Tabel %(table)s is ingelezen.") if taken.is_new else _("Tabel %(table)s was er al.")
        self.stdout.write(sentence % {"table": taken.table})
