"""What an organisation, and what a person, settles for itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from care.accounts.organisations import (
    FEWEST_MONTHS,
    FEWEST_WEEKS,
    IDLE_MINUTES,
    MOST_MONTHS,
    MOST_WEEKS,
    OFFLINE_HOURS,
    SESSION_HOURS,
)


class OrganisationForm(forms.Form):
    """What an organisation settles for all its teams."""

    reassess_months = forms.IntegerField(
        label=_("Na hoeveel maanden kijk je opnieuw?"),
        help_text=_(
            "Na dit aantal maanden vragen we om een nieuwe anamnese. Het profiel blijft gelden. "
            "Voor een tijdelijk, palliatief-terminaal of kinderprofiel gelden vaste termijnen."
        ),
        min_value=FEWEST_MONTHS,
        max_value=MOST_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    return_weeks = forms.IntegerField(
        label=_("Na hoeveel weken zonder zorg kijk je opnieuw?"),
        help_text=_(
            "Wie langer weg was en weer in zorg komt, is meteen aan de beurt. Het profiel blijft gelden."
        ),
        min_value=FEWEST_WEEKS,
        max_value=MOST_WEEKS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    offline_hours = forms.IntegerField(
        label=_("Hoeveel uur blijft een tablet open zonder contact met de server?"),
        help_text=_(
            "Daarna gaan de cliënten van het toestel. Wat nog niet is verzonden blijft, op slot. Dat gaat "
            "weer open als de collega inlogt."
        ),
        min_value=OFFLINE_HOURS[0],
        max_value=OFFLINE_HOURS[1],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    session_idle_minutes = forms.IntegerField(
        label=_("Na hoeveel minuten zonder gebruik gaat een sessie op slot?"),
        help_text=_("Daarna opent de pincode van de tablet haar weer, of het wachtwoord."),
        min_value=IDLE_MINUTES[0],
        max_value=IDLE_MINUTES[1],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    session_hours = forms.IntegerField(
        label=_("Na hoeveel uur moet iedereen opnieuw inloggen?"),
        help_text=_("Met het wachtwoord, ook wie de hele tijd bezig was."),
        min_value=SESSION_HOURS[0],
        max_value=SESSION_HOURS[1],
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class OwnSettingsForm(forms.Form):
    """What a person settles for him- or herself."""

    wants_daily_summary = forms.BooleanField(
        label=_("Stuur me elke ochtend een e-mail met hoeveel cliënten er wachten"),
        help_text=_("In de e-mail staan alleen aantallen en een link. Geen namen."),
        required=False,
    )
