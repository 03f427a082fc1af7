"""What a planned phase comes to, told before it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.constants import BasisKind, Phase
from care.models import Insurer, LegalBasis, Organisation
from care.periods import TargetGroupPeriod
from care.services.phases import ROAD
from declarations.constants import AttachmentState, FileState, Reason
from declarations.grounds import agreements
from declarations.models import Attachment


@dataclass(frozen=True, slots=True)
class Step:
    """A phase with its first day, and sentences that say what changes then."""

    phase: Phase
    day: date
    consequences: tuple[str, ...]


def steps(organisation: Organisation, starts: Mapping[Phase, date | None]) -> list[Step]:
    """Return the planned phases in order, each with what it comes to."""
    planned = [(phase, day) for phase in ROAD if (day := starts.get(phase)) is not None]
    return [Step(phase, day, tuple(_consequences(organisation, phase, day))) for phase, day in planned]


def _consequences(organisation: Organisation, phase: Phase, day: date) -> list[str]:
    if phase == Phase.REGISTER:
        return [
            _("Wijkverpleegkundigen leggen profielen vast, voor de eigen zorg en voor inzicht."),
            _("Er gaat nog geen profielcode naar een verzekeraar."),
        ]
    if phase == Phase.DECLARE:
        return [*_per_insurer(organisation, day), *_waiting(organisation), *_lapsing(organisation, day)]
    return [_("Aan wat er naar verzekeraars gaat, verandert niets. Alle afspraken blijven gelden.")]


def _per_insurer(organisation: Organisation, day: date) -> list[str]:
    return [_told(organisation, insurer, day) for insurer in agreements.insurers_of(organisation)]


def _told(organisation: Organisation, insurer: Insurer, day: date) -> str:
    agreed = agreements.in_force(organisation=organisation, insurer=insurer, day=day)
    about = {"insurer": insurer.name}
    if agreed is None or not agreed.sending:
        return _("Naar %(insurer)s gaat niets: verzenden staat dan uit.") % about
    bases = LegalBasis.objects.filter(agreements.holds_on(day), organisation=organisation, insurer=insurer)
    if bases.exclude(kind=BasisKind.CONSENT).exists():
        return _("Naar %(insurer)s gaat de code mee, behalve van wie bezwaar maakte.") % about
    return _("Naar %(insurer)s gaat alleen de code mee van wie zelf toestemming gaf.") % about


def _waiting(organisation: Organisation) -> list[str]:
    held = Attachment.objects.filter(
        organisation=organisation,
        state=AttachmentState.HELD,
        reason=Reason.PHASE_FORBIDS,
        file__state=FileState.IMPORTED,
    ).count()
    if not held:
        return []
    sentence = ngettext(
        "%(count)d verzekerde wacht nu op deze fase. Die kijken we dan opnieuw na.",
        "%(count)d verzekerden wachten nu op deze fase. Die kijken we dan opnieuw na.",
        held,
    )
    return [sentence % {"count": held}]


def _lapsing(organisation: Organisation, day: date) -> list[str]:
    count = TargetGroupPeriod.objects.filter(organisation=organisation, period__contains=day).count()
    sentence = ngettext(
        "De ZN-doelgroep vervalt. Bij %(count)d cliënt staat er een: die bewaren we, maar tonen we niet.",
        "De ZN-doelgroep vervalt. Bij %(count)d cliënten staat er een: die bewaren we, maar tonen we niet.",
        count,
    )
    return [sentence % {"count": count}]
