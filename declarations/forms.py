"""What a declaration officer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The choice of a declaration file."""

    file = forms.FileField(
        label=_("Declaratiebestand (AW319)"),
        help_text=_("Het bestand zoals het uit je declaratiesysteem komt, bericht 428."),
        error_messages={
            "required": _("Kies eerst een bestand."),
            "empty": _("Dit bestand is leeg."),
        },
    )
