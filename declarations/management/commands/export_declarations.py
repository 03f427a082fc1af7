"""`export_declarations FILE_ID OUT`: write the declaration file with profiles, always the same bytes."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care import scope
from care.commands import ShellCommand, progress
from declarations.apart import separate
from declarations.commands import file_argument, known_file, refusals, written_at_once
from declarations.constants import ChunkKind
from declarations.files import storage
from declarations.models import Export
from declarations.outgoing import exporting


class Command(ShellCommand):
    """Exit 0: OUT is written, whole. 1: refused, as while people are queued. 2: OUT cannot be written."""

    help = "Schrijft het declaratiebestand met profielen; een volgende keer zijn het dezelfde bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE_ID and OUT."""
        parser.add_argument("file_id", metavar="FILE_ID", type=file_argument)
        parser.add_argument("out", metavar="OUT", type=Path)

    def carry_out(self, **options: Any) -> None:
        """Make the export unless there is one, and write it out."""
        file = known_file(options["file_id"])
        with written_at_once(options["out"]) as out:
            with refusals(), scope.organisation(file.organisation_id):
                export = exporting.export_file(file=file)
                apart = list(separate.beside(file).values_list("public_id", flat=True))
            with scope.organisation(file.organisation_id), progress(export.size) as bar:
                for piece in storage.read(file, ChunkKind.EXPORT):
                    out.write(piece)
                    bar.update(len(piece))
        self._tell(export, is_test=file.is_test)
        for public_id in apart:
            self.stdout.write(_("Profielregels gingen ook in het aparte bestand %(id)s.") % {"id": public_id})

    def _tell(self, export: Export, *, is_test: bool) -> None:
        self.stdout.write(
            _("%(records)d records, waarvan %(inserted)d profielregels; SHA-256 %(sha256)s.")
            % {"records": export.record_count, "inserted": export.inserted_count, "sha256": export.sha256}
        )
        if is_test:
            self.stdout.write(_("Dit is een proefbestand: het gaat niet naar de verzekeraar."))
