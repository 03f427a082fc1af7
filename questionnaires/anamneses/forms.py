"""The few forms around an anamnese; the questions themselves are drawn from the instrument."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _


class DateForm(forms.Form):
    """The day that an anamnese is about."""

    day = forms.DateField(
        label=_("Datum van de anamnese"),
        help_text=_("De dag waarop je bij de cliënt was. Meestal is dat vandaag."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Vul de datum in."),
            "invalid": _("Dit is geen datum. Schrijf dag, maand en jaar."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["max"] = localdate().isoformat()


class ReasonForm(forms.Form):
    """Why an anamnese is corrected."""

    reason = forms.CharField(
        label=_("Wat klopte er niet?"),
        help_text=_("Eén zin is genoeg. Hij staat straks bij de oude anamnese."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Schrijf op wat er niet klopte."),
            "max_length": _("Maak de zin korter: hoogstens %(limit_value)d tekens."),
        },
    )


class DeviceForm(forms.Form):
    """What people call a tablet."""

    name = forms.CharField(
        label=_("Naam van het toestel"),
        help_text=_("Bijvoorbeeld wat er op de sticker staat. Geen namen van cliënten."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
