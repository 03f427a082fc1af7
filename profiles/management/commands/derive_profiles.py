"""`derive_profiles IN OUT`: profiles for a file of answers, without any server."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, no_translations
from tqdm import tqdm

from profiles.bulk.derivation import BulkFileError, BulkReport, Listener, derive_file

REFUSED, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Exit 0: all rows derived. 1: all rows written, some are invalid. 2: nothing written."""

    help = "Leidt profielen af uit een CSV-bestand met antwoorden (id;Q1;…;Q13)."
    # No database, no servers, no settings to judge: it must work anywhere.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Two paths, in this order."""
        parser.add_argument("source", metavar="IN", type=Path, help="CSV met antwoorden")
        parser.add_argument("target", metavar="OUT", type=Path, help="CSV met profielen")

    @no_translations  # what is written to the file does not depend on who runs the command
    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        """Derive, report on stderr, and leave with the exit code of the contract."""
        try:
            report = self._derive(source, target)
        except BulkFileError as error:
            self.stderr.write(str(error))
            sys.exit(UNREADABLE)
        rows = "1 regel" if report.rows == 1 else f"{report.rows} regels"
        self.stdout.write(f"{rows} verwerkt, {report.invalid} ongeldig.")
        if report.invalid:
            sys.exit(REFUSED)

    def _derive(self, source: Path, target: Path) -> BulkReport:
        with tqdm(unit="B", unit_scale=True, leave=False, disable=None) as bar:

            def started(size: int) -> None:
                bar.reset(total=size or None)

            def advanced(size: int) -> None:
                bar.update(size)

            def invalid(line: int, reason: str) -> None:
                bar.clear()
                self.stderr.write(f"regel {line}: {reason}")

            listener = Listener(started=started, advanced=advanced, invalid=invalid)
            return derive_file(source, target, listener=listener)
