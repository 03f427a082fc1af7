"""What an administrator fills in about the numbers of separate files."""

from django import forms
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
