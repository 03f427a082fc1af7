"""What a declaration officer fills in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.schema.forms import date_field


class ExcludeForm(forms.Form):
    """Why persons are left out of a file."""

    reason = forms.CharField(
        label=_("Waarom gaan zij niet mee?"),
        help_text=_("Dit blijft bij het bestand staan, met jouw naam. Noem geen namen van cliënten."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schrijf op waarom je hen overslaat.")},
    )


class ExcludeOneForm(ExcludeForm):
    """Why one person is left out of a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label = _("Waarom gaat deze verzekerde niet mee?")
        field.error_messages["required"] = _("Schrijf op waarom je deze verzekerde overslaat.")


class UploadForm(forms.Form):
    """The choice of a declaration file; under `key` the page can ask how far reading it is."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    file = forms.FileField(
        label=_("Declaratiebestand (AW319)"),
        help_text=_("Het bestand zoals het uit je declaratiesysteem komt, bericht 428."),
        error_messages={
            "required": _("Kies eerst een bestand."),
            "empty": _("Dit bestand is leeg."),
        },
    )


class FileSearchForm(forms.Form):
    """Which files are looked for; nothing of a person, so it may stand in an address."""

    zoek = forms.CharField(
        label=_("Factuurnummer, bestandsnaam of verzekeraar"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    van = date_field(_("Zorg vanaf"), required=False)
    tot = date_field(_("Zorg tot en met"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("van"), cleaned.get("tot")
        if first and last and last < first:
            self.add_error("tot", _("De laatste dag ligt vóór de eerste."))
        return cleaned


class CheckForm(UploadForm):
    """The choice of a file to check, and whether the records in which something is found are shown."""

    records = forms.BooleanField(
        label=_("Laat de regels met een bevinding zien, zoals ze in het bestand staan"),
        help_text=_(
            "Daar staan gegevens van personen in. Dat je van cliënten iets zag, komt in het inzageregister."
        ),
        required=False,
    )
