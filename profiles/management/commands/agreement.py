"""`agreement IN OUT`: how far raters agree, without any server."""

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser, no_translations

from care.tables import for_programs
from config.atomic import replaced
from profiles.agreement import report
from profiles.agreement.ratings import RatingsRefusedError, RatingsUnreadableError, read_ratings
from profiles.bulk.scoring import ScoringRules
from profiles.engine import shipped
from questionnaires.instruments import definitions
from questionnaires.instruments.definition import load

REFUSED, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Exit 0: written. 1: rows are wrong, nothing written. 2: not readable or not writable."""

    help = "Berekent hoe beoordelaars overeenstemmen (onderwerp;beoordelaar en een kolom per vraag)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Two paths, in this order."""
        parser.add_argument("source", metavar="IN", type=Path, help="CSV met beoordelingen")
        parser.add_argument("target", metavar="OUT", type=Path, help="CSV met maten")

    @no_translations
    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        """Read all, then write all."""
        rules = ScoringRules(load(definitions.read()), shipped())
        try:
            ratings = read_ratings(source, rules)
        except RatingsUnreadableError as error:
            self._leave(UNREADABLE, str(error))
        except RatingsRefusedError as error:
            self._leave(REFUSED, *error.problems)
        try:
            with replaced(target, is_private=False) as out:
                for piece in for_programs(report.COLUMNS, report.rows(ratings, rules)):
                    out.write(piece.encode())
        except OSError:
            self._leave(
                UNREADABLE, f"{target} is niet te schrijven. Controleer de map, je rechten en de ruimte."
            )
        self.stdout.write(f"{len(ratings)} beoordelingen verwerkt.")

    def _leave(self, code: int, *reasons: str) -> NoReturn:
        for reason in reasons:
            self.stderr.write(reason)
        sys.exit(code)
