"""What a declaration officer can do about each reason, in one sentence or two."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from declarations.schema.constants import MissingPart, Reason

_ADVICE: dict[Reason, Any] = {
    Reason.BSN_UNKNOWN: _(
        "In het bestand staat het nummer 999999999. Dat hoort bij niemand, dus er gaat geen profiel mee. "
        "Je hoeft niets te doen."
    ),
    Reason.CLIENT_UNKNOWN: _(
        "Dit BSN staat niet in het cliëntenbestand. Vraag de beheerder om de cliënt toe te voegen."
    ),
    Reason.DETAILS_DIFFER: _(
        "De geboortedatum in het bestand is anders dan die van de cliënt. Zoek uit welke klopt en laat die "
        "verbeteren."
    ),
    Reason.NOT_IN_CARE: _(
        "Op de dagen van een prestatie was de cliënt niet in zorg. Laat de zorgperiode nakijken."
    ),
    Reason.NO_LEGAL_BASIS: _(
        "Op alle dagen van een prestatie ontbreekt een grondslag voor deze verzekeraar en gaf de cliënt geen "
        "toestemming, of de cliënt trok de toestemming in. Of de ontvanger van het bestand mag de code niet "
        "krijgen: dat staat bij de verzekerde. Hoort er een grondslag te zijn? Vraag het de beheerder."
    ),
    Reason.OBJECTION: _("De cliënt maakte bezwaar. Je hoeft niets te doen: het profiel gaat niet mee."),
    Reason.SENDING_IS_OFF: _(
        "Op alle dagen van een prestatie staat verzenden uit voor deze verzekeraar. De beheerder kan dat "
        "aanzetten."
    ),
    Reason.PHASE_FORBIDS: _(
        "De zorg was vóór de dag waarop jullie organisatie begint met profielen declareren. Van die dagen "
        "gaat nooit een code mee; je hoeft niets te doen."
    ),
    Reason.NO_VALID_PROFILE: _(
        "Op de dagen van een prestatie was er geen geldig profiel. Vraag het team om een anamnese."
    ),
    Reason.CODE_UNKNOWN: _(
        "De codetabel van deze verzekeraar kent dit profiel niet. Vraag de beheerder om die na te kijken."
    ),
    Reason.AWAITS_REVIEW: _(
        "Het profiel wacht nog op toetsing door een collega. Vraag het team wanneer die klaar is."
    ),
    Reason.TECHNICAL_ERROR: _(
        "Het lukte vijf keer niet. Probeer het opnieuw; lukt het weer niet, meld het dan bij de beheerder."
    ),
    Reason.TOO_LATE: _(
        "Het bestand was al gemaakt. Zodra de reden weg is, gaat het profiel mee in het volgende aparte "
        "bestand. Bij elke verzekerde staat wat er nu nog ontbreekt."
    ),
    Reason.CORRECTION_DUE: _(
        "De code moet nog mee: het profiel is verbeterd nadat de code was verzonden, een collega biedt de "
        "regel opnieuw aan, of een deel is uit een gemaakt bestand gelaten. De code gaat mee in het volgende "
        "aparte bestand, zodra niets dat tegenhoudt."
    ),
    Reason.RETURNED: _(
        "De verzekeraar stuurde deze profielregel terug. Lees de reden. Ligt het aan de anamnese? Vraag de "
        "verpleegkundige om die te verbeteren. Ligt het ergens anders aan? Bied de regel opnieuw aan als dat "
        "in orde is."
    ),
    Reason.PROFILE_LINE_PRESENT: _(
        "In het bestand stond al een profielregel. Die blijft zoals hij is; je hoeft niets te doen."
    ),
    Reason.ALREADY_SENT: _(
        "Dit profiel ging voor deze dagen al mee in een eerder bestand. Het gaat geen tweede keer; je hoeft "
        "niets te doen."
    ),
    Reason.CREDITS_ONLY: _(
        "Er staan alleen creditregels in het bestand. Daar hoort geen profiel bij; je hoeft niets te doen."
    ),
    Reason.EXCLUDED_BY_OFFICER: _(
        "Een collega liet deze verzekerde uit dit bestand. Zolang het bestand niet is gemaakt, kun je dat "
        "terugdraaien."
    ),
}
_HELPED_BY_TRYING = frozenset(Reason) - {
    Reason.NONE,
    Reason.BSN_UNKNOWN,
    Reason.TOO_LATE,
    Reason.CORRECTION_DUE,
    Reason.RETURNED,
    Reason.PROFILE_LINE_PRESENT,
    Reason.ALREADY_SENT,
    Reason.CREDITS_ONLY,
    Reason.EXCLUDED_BY_OFFICER,
}


_OTHER_RECEIVER = _(
    "Het bestand gaat naar een andere verzekeraar (de ontvanger, veld 0108) dan die van deze verzekerde "
    "(veld 0204). Er is niet vastgelegd dat die ontvanger de code mag krijgen. Vraag de beheerder om dat na "
    "te gaan en vast te leggen, bij ‘Ontvangers’."
)


_CONTRADICTING_AGE = _(
    "De geboortedatum is verbeterd, en een anamnese past er niet meer bij: kind of volwassene. De code gaat "
    "niet mee tot de verpleegkundige die anamnese verbetert. Bij haar staat de cliënt als eerste in de lijst."
)


def advice(reason: str, missing: MissingPart = MissingPart.NONE) -> Any:
    """Return what to do now about a reason, and which part of it is missing; empty where there is none."""
    if missing == MissingPart.RECEIVER and reason == Reason.NO_LEGAL_BASIS:
        return _OTHER_RECEIVER
    if missing == MissingPart.AGE and reason == Reason.DETAILS_DIFFER:
        return _CONTRADICTING_AGE
    return _ADVICE.get(Reason(reason), "")


def advice_now(before: str, missing: MissingPart = MissingPart.NONE) -> Any:
    """Return what to do about why somebody is held of a file that went; empty where there is none."""
    if before == Reason.TECHNICAL_ERROR:
        return _(
            "Er ging iets mis bij het nakijken. Het wordt vanzelf opnieuw geprobeerd. Staat dit er morgen "
            "nog? Meld het dan bij de beheerder."
        )
    return advice(before, missing)


def is_helped_by_trying(reason: str) -> bool:
    """Tell whether deciding anew can come out differently once somebody has done something."""
    return Reason(reason) in _HELPED_BY_TRYING
