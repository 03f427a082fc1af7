"""`import_anamneses FILE --organisation AGB`: finished anamneses from a CSV file, with their profiles."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import ngettext

from care.tenancy.commands import (
    ImportProblems,
    ShellCommand,
    agb_argument,
    opened_csv,
    organisation_scope,
)
from profiles.bulk import importing


class Command(ShellCommand):
    """Exit 0: taken in. 1: refused, nothing written. 2: cannot be read."""

    help = "Leest afgeronde anamneses in uit een CSV-bestand (bsn, datum en een kolom per vraag)."

    def add_arguments(self, parser: CommandParser) -> None:
        """A path, and whose clients they are."""
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV met anamneses")
        parser.add_argument("--organisation", metavar="AGB", type=agb_argument, required=True)

    def carry_out(self, **options: Any) -> None:
        """Import the file in the scope of the organisation, and say how it went."""
        problems = ImportProblems()
        with organisation_scope(options["organisation"]) as organisation, opened_csv(options["file"]) as file:
            columns = importing.columns_like(file.header)
            done = importing.import_anamneses(
                organisation=organisation,
                rows=file.rows(columns, problems),
                columns=columns,
                problems=problems,
            )
        self.stdout.write(_added(done.added) + ", " + _skipped(done.skipped))


def _added(count: int) -> str:
    return ngettext("%(count)d anamnese toegevoegd", "%(count)d anamneses toegevoegd", count) % {
        "count": count
    }


def _skipped(count: int) -> str:
    return ngettext("%(count)d was er al.", "%(count)d waren er al.", count) % {"count": count}
