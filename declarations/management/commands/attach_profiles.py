"""`attach_profiles FILE_ID`: work until nobody of a file is queued any more, with or without workers."""

from contextlib import suppress
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.tenancy import scope
from care.tenancy.commands import ShellCommand, progress
from declarations.handover import services as handover
from declarations.matching import services
from declarations.queries import selectors
from declarations.queries.commands import file_argument, known_file, refusals
from declarations.schema.constants import Reason
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile


class Command(ShellCommand):
    """Exit 0: nobody is queued. 1: unknown or withdrawn file. 2: wrong use."""

    help = "Voegt profielen toe aan een ingelezen bestand en wacht tot niemand meer in de wachtrij staat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare FILE_ID."""
        parser.add_argument("file_id", metavar="FILE_ID", type=file_argument)

    def carry_out(self, **options: Any) -> None:
        """Attach in the foreground and say how it came out."""
        file = known_file(options["file_id"])
        _look_at_made(file)
        with refusals(), progress(file.person_count, unit="verzekerden") as bar:
            balance = services.attach_profiles(
                organisation_id=file.organisation_id, file_id=file.pk, on_progress=bar.update
            )
        self.stdout.write(
            _("%(attached)d toegevoegd, %(held)d aangehouden, %(excluded)d overgeslagen.")
            % {
                "attached": balance.attached_or_later,
                "held": balance.held,
                "excluded": balance.excluded,
            }
        )
        self._tell_reasons(file)

    def _tell_reasons(self, file: DeclarationFile) -> None:
        with scope.organisation(file.organisation_id):
            groups = [group for group in selectors.groups(file) if group.reason]
        for group in groups:
            self.stdout.write(f"  {group.count} {group.state.label}: {Reason(group.reason).label}")


def _look_at_made(file: DeclarationFile) -> None:
    """Block a file that was made and may no longer go; of any other there is nothing to look at."""
    with scope.organisation(file.organisation_id), suppress(WrongStateError):
        handover.examine(file)
