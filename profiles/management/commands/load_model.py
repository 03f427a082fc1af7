"""`load_model MODEL.json --from DATE [--instrument INSTRUMENT.json]`: a successor, in force from a day."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from care.tenancy.commands import CommandRefused, ShellCommand, Unreadable, date_argument, what_failed
from profiles.timeline.succession import SuccessionRefusedError, load_successor


class Command(ShellCommand):
    """Exit 0: loaded, or known already. 1: refused, with every problem. 2: cannot be read."""

    help = "Laadt een model, met de vragenlijst die erbij hoort, dat vanaf een dag geldt."

    def add_arguments(self, parser: CommandParser) -> None:
        """The rules, the day, and the definition of a new instrument."""
        parser.add_argument("model", metavar="MODEL.json", type=Path, help="regels van het model")
        parser.add_argument("--from", dest="valid_from", metavar="DATE", type=date_argument, required=True)
        parser.add_argument("--instrument", metavar="INSTRUMENT.json", type=Path, help="nieuwe vragenlijst")

    def carry_out(self, **options: Any) -> None:
        """Load both, and say from which day they are in force."""
        definition = read_json(options["instrument"]) if options["instrument"] else None
        try:
            done = load_successor(
                rules=read_json(options["model"]), definition=definition, valid_from=options["valid_from"]
            )
        except SuccessionRefusedError as error:
            raise CommandRefused(*error.problems) from error
        self.stdout.write(
            _("%(model)s met vragenlijst %(instrument)s geldt vanaf %(day)s.")
            % {"model": done.model, "instrument": done.instrument, "day": options["valid_from"].isoformat()}
        )


def read_json(path: Path) -> Any:
    """Return the content of a JSON file. Raises Unreadable."""
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        names = {"path": path, "reason": what_failed(error)}
        raise Unreadable(_("%(path)s kan niet worden gelezen: %(reason)s.") % names) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("%(path)s is geen geldige JSON.") % {"path": path}) from error
