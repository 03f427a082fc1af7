"""`export_declarations FILE_ID OUT [--again]`: write the file with profiles, always the same bytes."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.tenancy import scope
from care.tenancy.commands import CommandRefused, ShellCommand, progress
from declarations.delivery import exporting, remaking
from declarations.delivery.separate_queue import beside
from declarations.handover.blocking import note_step, was_handed_over
from declarations.handover.services import blocked_when_handed_out
from declarations.queries.commands import file_argument, known_file, refusals, written_at_once
from declarations.schema.constants import ChunkKind
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import BlockedError
from declarations.schema.models import DeclarationFile, Export
from declarations.storage import chunks


class Command(ShellCommand):
    """Exit 0: OUT is written, whole. 1: refused, as while people are queued. 2: OUT cannot be written."""

    help = "Schrijft het declaratiebestand met profielen; een volgende keer zijn het dezelfde bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE_ID, OUT and --again."""
        parser.add_argument("file_id", metavar="FILE_ID", type=file_argument)
        parser.add_argument("out", metavar="OUT", type=Path)
        parser.add_argument(
            "--again",
            action="store_true",
            help="maak een geblokkeerd bestand opnieuw, zonder wie niet meer mee mag",
        )

    def carry_out(self, **options: Any) -> None:
        """Make the export unless there is one, and write it out."""
        file = known_file(options["file_id"])
        with written_at_once(options["out"]) as out:
            export = self._made(file, again=options["again"])
            with scope.organisation(file.organisation_id):
                apart = list(beside(file).values_list("public_id", flat=True))
            file = export.file
            with scope.organisation(file.organisation_id), progress(export.size) as bar:
                for piece in chunks.read(file, ChunkKind.EXPORT):
                    out.write(piece)
                    bar.update(len(piece))
        self._tell(export, is_test=file.is_test)
        for public_id in apart:
            self.stdout.write(_("Profielregels gingen ook in het aparte bestand %(id)s.") % {"id": public_id})

    def _made(self, file: DeclarationFile, *, again: bool) -> Export:
        """Make the file where it was not made, or anew, and look whether it may be had. Raises Refusal."""
        with scope.organisation(file.organisation_id), refusals():
            export: Export | None = exporting.export_file(file=file)
            if again and not was_handed_over(DeclarationFile.objects.get(pk=file.pk)):
                export = remaking.make_anew(file=file)
            if export is not None:
                export = Export.objects.select_related("file__organisation").get(pk=export.pk)
                blocked = blocked_when_handed_out(export.file)
        if export is None:
            raise CommandRefused(_("Er blijft niemand over: dit aparte bestand is ingetrokken."))
        if blocked is not None:
            raise CommandRefused(blocked.sentence, *_reasons(blocked))
        with scope.organisation(file.organisation_id):
            note_step(export.file, HandoverStep.TAKEN)
        return export

    def _tell(self, export: Export, *, is_test: bool) -> None:
        self.stdout.write(
            _("%(records)d records, waarvan %(inserted)d profielregels; SHA-256 %(sha256)s.")
            % {"records": export.record_count, "inserted": export.inserted_count, "sha256": export.sha256}
        )
        if is_test:
            self.stdout.write(_("Dit is een proefbestand: het gaat niet naar de verzekeraar."))


def _reasons(blocked: BlockedError) -> list[str]:
    """Return a line per reason: how many persons, and why."""
    return [f"  {count} {reason}" for reason, count in blocked.reasons]
