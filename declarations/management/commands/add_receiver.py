"""add_receiver: record that one insurer receives profile codes for another."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.consent import receivers
from care.schema.receivers import Receiver
from care.tenancy.commands import (
    ShellCommand,
    agb_argument,
    date_argument,
    insurer_by_uzovi,
    organisation_scope,
    uzovi_argument,
)


class Command(ShellCommand):
    """Exit 0 recorded or known already, 1 refused, 2 wrong use."""

    help = (
        "Legt vast dat een bestand aan verzekeraar NNNN (0108) profielcodes mag bevatten van wie bij MMMM "
        "(0204) verzekerd is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the contract."""
        parser.add_argument("--organisation", required=True, type=agb_argument, metavar="AGB")
        parser.add_argument(
            "--uzovi", required=True, type=uzovi_argument, metavar="NNNN", help=_("de ontvanger (0108)")
        )
        parser.add_argument(
            "--for",
            required=True,
            type=uzovi_argument,
            dest="insurer",
            metavar="MMMM",
            help=_("de verzekeraar van de cliënt (0204)"),
        )
        parser.add_argument(
            "--from",
            required=True,
            type=date_argument,
            dest="valid_from",
            metavar="DATE",
            help=_("de eerste dag waarop het geldt"),
        )
        parser.add_argument(
            "--until",
            type=date_argument,
            dest="valid_until",
            metavar="DATE",
            help=_("de eerste dag waarop het niet meer geldt; de dag ervoor is de laatste"),
        )

    def carry_out(self, **options: Any) -> None:
        """Record the receiver in the scope of the organisation."""
        addressee, insurer = insurer_by_uzovi(options["uzovi"]), insurer_by_uzovi(options["insurer"])
        with organisation_scope(options["organisation"]) as organisation:
            row, is_new = receivers.record_receiver(
                organisation=organisation,
                addressee=addressee,
                insurer=insurer,
                valid_from=options["valid_from"],
                valid_until=options["valid_until"],
            )
        self.stdout.write(_("Vastgelegd.") if is_new else _("Dit stond er al; het einde is zoals hieronder."))
        self.stdout.write(_what_holds(row))


def _what_holds(row: Receiver) -> str:
    about = {
        "addressee": row.addressee.uzovi,
        "insurer": row.insurer.uzovi,
        "first": date_format(row.valid_from),
    }
    if row.last_day is None:
        return _("%(addressee)s ontvangt voor %(insurer)s vanaf %(first)s, zonder einde.") % about
    sentence = _("%(addressee)s ontvangt voor %(insurer)s vanaf %(first)s. Dat geldt tot en met %(last)s.")
    return sentence % (about | {"last": date_format(row.last_day)})
