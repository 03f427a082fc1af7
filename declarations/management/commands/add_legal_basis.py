"""add_legal_basis: record why profile codes may go to an insurer, and that they do."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.schema.statements import LegalBasis
from care.tenancy.commands import (
    CommandRefused,
    ShellCommand,
    agb_argument,
    date_argument,
    insurer_by_uzovi,
    organisation_scope,
    uzovi_argument,
)
from declarations.agreements import services
from declarations.agreements.services import RecordedBasis

LONGEST_REFERENCE = 200


class Command(ShellCommand):
    """Exit 0 recorded or known already, 1 refused, 2 wrong use."""

    help = "Legt een grondslag vast om profielcodes met een verzekeraar te delen, en zet verzenden aan."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the contract."""
        parser.add_argument("--organisation", required=True, type=agb_argument, metavar="AGB")
        parser.add_argument("--uzovi", required=True, type=uzovi_argument, metavar="NNNN")
        parser.add_argument("--reference", required=True, type=_reference, metavar="TEXT")
        parser.add_argument(
            "--from",
            required=True,
            type=date_argument,
            dest="valid_from",
            metavar="DATE",
            help=_("de eerste dag waarop de grondslag geldt"),
        )
        parser.add_argument(
            "--until",
            type=date_argument,
            dest="valid_until",
            metavar="DATE",
            help=_("de eerste dag waarop de grondslag niet meer geldt; de dag ervoor is de laatste"),
        )

    def carry_out(self, **options: Any) -> None:
        """Record the basis in the scope of the organisation."""
        insurer = insurer_by_uzovi(options["uzovi"])
        with organisation_scope(options["organisation"]) as organisation:
            try:
                recorded = services.record_basis(
                    organisation=organisation,
                    insurer=insurer,
                    reference=options["reference"],
                    valid_from=options["valid_from"],
                    valid_until=options["valid_until"],
                )
            except ValidationError as error:
                raise CommandRefused(*error.messages) from error
            gap = services.has_no_agreement_at_first(recorded.basis)
        self._tell(recorded, gap=gap)

    def _tell(self, recorded: RecordedBasis, *, gap: bool) -> None:
        self.stdout.write(_what_happened(recorded))
        self.stdout.write(_what_holds(recorded.basis))
        if recorded.agreement_is_new:
            self.stdout.write(_("Vastgelegd: verzenden aan, in het bestand, met de voorbeeldcodetabel."))
        if gap:
            self.stdout.write(_("Let op: de afspraak met deze verzekeraar geldt niet vanaf de eerste dag."))


def _what_happened(recorded: RecordedBasis) -> str:
    if recorded.is_new:
        return _("De grondslag is vastgelegd.")
    if recorded.is_moved:
        return _("De grondslag stond er al; het einde is aangepast.")
    return _("De grondslag stond er al; er is niets veranderd.")


def _what_holds(basis: LegalBasis) -> str:
    if basis.last_day is None:
        return _("De grondslag geldt vanaf %(first)s, zonder einde.") % {
            "first": date_format(basis.valid_from)
        }
    about = {"first": date_format(basis.valid_from), "last": date_format(basis.last_day)}
    return _("De grondslag begint op %(first)s en geldt tot en met %(last)s.") % about


def _reference(text: str) -> str:
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST_REFERENCE or not stripped.isprintable():
        raise ArgumentTypeError(_("geef een verwijzing van 1 tot 200 tekens"))
    return stripped
