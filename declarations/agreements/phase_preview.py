"""What a planned phase comes to, told before it is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.accounts.phases import ROAD
from care.days import ONE_DAY
from care.schema.constants import BasisKind, Phase
from care.schema.models import Insurer, Organisation
from care.schema.periods import TargetGroupPeriod
from care.schema.statements import LegalBasis
from declarations.agreements import services
from declarations.schema.constants import AttachmentState, FileState, Reason
from declarations.schema.models import Attachment


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """A phase with its first day, and sentences that say what changes then."""

    phase: Phase
    day: date
    consequences: tuple[str, ...]


def steps(organisation: Organisation, starts: Mapping[Phase, date | None]) -> list[PhaseStep]:
    """Return the planned phases in order, each with what it comes to: for care from its first day on."""
    planned = [(phase, day) for phase in ROAD if (day := starts.get(phase)) is not None]
    return [PhaseStep(phase, day, tuple(_consequences(organisation, phase, day))) for phase, day in planned]


def _consequences(organisation: Organisation, phase: Phase, day: date) -> list[str]:
    if phase == Phase.REGISTER:
        return [
            _("Wijkverpleegkundigen leggen profielen vast, voor de eigen zorg en voor inzicht."),
            _("Er gaat nog geen profielcode naar een verzekeraar."),
        ]
    if phase == Phase.DECLARE:
        return [
            _from_that_day(day),
            *_per_insurer(organisation, day),
            *_waiting(organisation, day),
            *_lapsing(organisation, day),
        ]
    return [_("Aan wat er naar verzekeraars gaat, verandert niets. Alle afspraken blijven gelden.")]


def _per_insurer(organisation: Organisation, day: date) -> list[str]:
    return [_told(organisation, insurer, day) for insurer in services.insurers_of(organisation)]


def _told(organisation: Organisation, insurer: Insurer, day: date) -> str:
    agreed = services.in_force(organisation=organisation, insurer=insurer, day=day)
    about = {"insurer": insurer.name}
    if agreed is None or not agreed.sending:
        return _("Naar %(insurer)s gaat niets: verzenden staat dan uit.") % about
    bases = LegalBasis.objects.filter(services.holds_on(day), organisation=organisation, insurer=insurer)
    if bases.exclude(kind=BasisKind.CONSENT).exists():
        return _("Naar %(insurer)s gaat de code mee, behalve van wie bezwaar maakte.") % about
    return _("Naar %(insurer)s gaat alleen de code mee van wie zelf toestemming gaf.") % about


def _from_that_day(day: date) -> str:
    sentence = _(
        "De code gaat mee bij zorg vanaf %(day)s. Van zorg tot en met %(before)s gaat nooit een code mee, "
        "ook niet als die later wordt gedeclareerd."
    )
    return sentence % {"day": date_format(day), "before": date_format(day - ONE_DAY)}


def _waiting(organisation: Organisation, day: date) -> list[str]:
    """Tell how many are held for the phase, and how many of them have care from that day on."""
    held = Attachment.objects.filter(
        organisation=organisation,
        state=AttachmentState.HELD,
        reason=Reason.PHASE_FORBIDS,
        file__state=FileState.IMPORTED,
    )
    count, goes = held.count(), held.filter(file__period_last_day__gte=day).count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d verzekerde is nu aangehouden om de fase.",
        "%(count)d verzekerden zijn nu aangehouden om de fase.",
        count,
    )
    told = ngettext(
        "Het bestand van %(goes)d loopt door tot na die dag: die kijken we dan opnieuw na.",
        "De bestanden van %(goes)d lopen door tot na die dag: die kijken we dan opnieuw na.",
        goes,
    )
    none = _("Hun zorg ligt ervoor, dus daarvan gaat niets mee.")
    return [f"{sentence % {'count': count}} {told % {'goes': goes} if goes else none}"]


def _lapsing(organisation: Organisation, day: date) -> list[str]:
    count = TargetGroupPeriod.objects.filter(organisation=organisation, period__contains=day).count()
    if not count:
        return [_("De ZN-doelgroep vervalt.")]
    sentence = ngettext(
        "De ZN-doelgroep vervalt. Bij %(count)d cliënt staat er een: die bewaren we, maar tonen we niet.",
        "De ZN-doelgroep vervalt. Bij %(count)d cliënten staat er een: die bewaren we, maar tonen we niet.",
        count,
    )
    return [sentence % {"count": count}]
