"""What an organisation, and what a person, settles for itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from care.services.organisations import FEWEST_MONTHS, FEWEST_WEEKS, MOST_MONTHS, MOST_WEEKS


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


class OwnSettingsForm(forms.Form):
    """What a person settles for him- or herself."""

    wants_daily_summary = forms.BooleanField(
        label=_("Stuur me elke ochtend een e-mail met hoeveel cliënten er wachten"),
        help_text=_("In de e-mail staan alleen aantallen en een link. Geen namen."),
        required=False,
    )
