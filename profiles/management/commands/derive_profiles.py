"""`derive_profiles IN OUT [--model MODEL.json]`: profiles for a file of answers, without any server."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser, no_translations
from tqdm import tqdm

from profiles.bulk.derivation import BulkFileError, BulkReport, Listener, derive_file
from profiles.bulk.scoring import ScoringRules
from profiles.engine import UnsoundModelError, read_model, shipped
from profiles.timeline.versions import misfits
from questionnaires.instruments import definitions
from questionnaires.instruments.definition import DefinitionError, load

REFUSED, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Exit 0: all rows derived. 1: all rows written, some are invalid. 2: nothing written."""

    help = "Leidt profielen af uit een CSV-bestand met antwoorden (id en een kolom per vraag)."
    # No database, no servers, no settings to judge: it must work anywhere.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Two paths, in this order; a candidate for the model, and an instrument of its own."""
        parser.add_argument("source", metavar="IN", type=Path, help="CSV met antwoorden")
        parser.add_argument("target", metavar="OUT", type=Path, help="CSV met profielen")
        parser.add_argument("--model", metavar="MODEL.json", type=Path, help="een ander model, als proef")
        parser.add_argument(
            "--instrument", metavar="INSTRUMENT.json", type=Path, help="een andere vragenlijst"
        )

    @no_translations  # what is written to the file does not depend on who runs the command
    def handle(self, *args: Any, source: Path, target: Path, **options: Any) -> None:
        """Derive, report on stderr, and leave with the exit code of the contract."""
        rules = self._rules(options["model"], options["instrument"])
        try:
            report = self._derive(source, target, rules)
        except BulkFileError as error:
            self._leave(str(error))
        rows = "1 regel" if report.rows == 1 else f"{report.rows} regels"
        self.stdout.write(f"{rows} verwerkt, {report.invalid} ongeldig.")
        if report.invalid:
            sys.exit(REFUSED)

    def _rules(self, model: Path | None, instrument: Path | None) -> ScoringRules:
        try:
            asked = load(_json(instrument)) if instrument else load(definitions.read())
            chosen = read_model(_json(model)) if model else shipped()
        except (UnsoundModelError, DefinitionError) as error:
            self._leave(*error.defects)
        except (OSError, ValueError, RecursionError):
            self._leave("Het model of de vragenlijst is niet te lezen als JSON.")
        if unlike := misfits(chosen, asked):
            self._leave(
                *(f"{name}: model en vragenlijst verschillen in opties of voorwaarden." for name in unlike)
            )
        return ScoringRules(asked, chosen)

    def _leave(self, *reasons: str) -> NoReturn:
        for reason in reasons:
            self.stderr.write(reason)
        sys.exit(UNREADABLE)

    def _derive(self, source: Path, target: Path, rules: ScoringRules) -> BulkReport:
        with tqdm(unit="B", unit_scale=True, leave=False, disable=None) as bar:

            def started(size: int) -> None:
                bar.reset(total=size or None)

            def advanced(size: int) -> None:
                bar.update(size)

            def invalid(line: int, reason: str) -> None:
                bar.clear()
                self.stderr.write(f"regel {line}: {reason}")

            listener = Listener(started=started, advanced=advanced, invalid=invalid)
            return derive_file(source, target, rules=rules, listener=listener)


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
