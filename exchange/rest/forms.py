"""What an administrator fills in about tokens and webhooks."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from declarations.schema.forms import date_field
from declarations.schema.tokens import ApiScope
from exchange.webhooks.constants import WebhookEvent


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("Naam van het programma"),
        max_length=80,
        help_text=_("Een naam waaraan je de sleutel later herkent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Vul een naam in.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Rechten"),
        choices=[(one.value, capfirst(one.label)) for one in ApiScope],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kies alleen wat nodig is."),
        error_messages={"required": _("Kies minstens één recht.")},
    )
    last_day = date_field(
        _("Laatste dag"), required=False, help_text=_("Laat leeg als de sleutel blijft gelden.")
    )

    def clean_last_day(self) -> date | None:
        """Refuse a day that is over."""
        last: date | None = self.cleaned_data["last_day"]
        if last and last < timezone.localdate():
            raise ValidationError(_("Deze dag is al voorbij."))
        return last

    @property
    def expires_at(self) -> datetime | None:
        """The end of the last day."""
        last: date | None = self.cleaned_data["last_day"]
        if last is None:
            return None
        return timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))


class WebhookForm(forms.Form):
    """A new webhook."""

    address = forms.CharField(
        label=_("Adres van de ontvanger"),
        max_length=500,
        help_text=_("Begint met https://. De leverancier van het programma kan je dit geven."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Vul het adres in.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Bericht als"),
        choices=[(one.value, capfirst(one.label)) for one in WebhookEvent],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Kies minstens één gebeurtenis.")},
    )
