"""`import_declarations FILE --organisation AGB`: read a declaration file in and queue everybody in it."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import ngettext

from care.tenancy.commands import ShellCommand, agb_argument, organisation_scope, progress
from declarations.intake import earlier_references, services
from declarations.queries.commands import Counted, opened, refusals


class Command(ShellCommand):
    """Exit 0: the new file's id is the last line. 1: refused, each problem on stderr. 2: no such file."""

    help = "Leest een AW319-declaratiebestand in en zet iedere verzekerde in de wachtrij."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE and the organisation."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--organisation", metavar="AGB", type=agb_argument, required=True)

    def carry_out(self, **options: Any) -> None:
        """Import in one transaction; the rows wait in the queue for whoever attaches.

        What earlier files lack to be compared with comes first: no worker may be running that does it.
        """
        with organisation_scope(options["organisation"]) as organisation:
            whose = organisation.pk
        earlier_references.catch_up(whose)
        with (
            opened(options["file"]) as source,
            progress(2 * options["file"].stat().st_size) as bar,
            refusals(),
            organisation_scope(options["organisation"]) as organisation,
        ):
            file = services.import_file(organisation=organisation, source=Counted(source, bar.update))
        self.stdout.write(
            ngettext(
                "%(persons)d verzekerde in de wachtrij.",
                "%(persons)d verzekerden in de wachtrij.",
                file.person_count,
            )
            % {"persons": file.person_count}
        )
        if file.warning_count:
            sentence = ngettext(
                "%(count)d waarschuwing: check_declarations noemt haar.",
                "%(count)d waarschuwingen: check_declarations noemt ze.",
                file.warning_count,
            )
            self.stdout.write(sentence % {"count": file.warning_count})
        self.stdout.write(str(file.public_id))
