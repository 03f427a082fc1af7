"""What is filled in about the numbers of separate files, and about handing a file over."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PrefixForm(forms.Form):
    """With what the invoice numbers of separate files begin."""

    number_prefix = forms.CharField(
        label=_("Voorvoegsel"),
        min_length=1,
        max_length=2,
        help_text=_(
            "Een of twee tekens: hoofdletters of cijfers. Kies iets dat je andere systeem niet gebruikt."
        ),
        error_messages={"required": _("Vul een of twee tekens in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "size": 2}),
    )

    def clean_number_prefix(self) -> str:
        """Return it in capitals, as it stands in a file."""
        prefix: str = self.cleaned_data["number_prefix"]
        return prefix.upper()


class DeliveryDetailsForm(forms.Form):
    """When a file was handed over, and the number that the receiver gave."""

    delivered_at = forms.DateTimeField(
        label=_("Wanneer heb je het aangeleverd?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={
            "required": _("Vul in wanneer je het bestand aanleverde."),
            "invalid": _("Vul een dag en een tijd in."),
        },
    )
    receipt = forms.CharField(
        label=_("Ontvangstnummer"),
        required=False,
        max_length=60,
        help_text=_("Het nummer dat je van de ontvanger kreeg, als dat er is."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("delivered_at", timezone.localtime())
