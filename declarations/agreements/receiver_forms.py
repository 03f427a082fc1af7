"""Forms about which insurer receives for which."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from care.days import ONE_DAY
from care.schema.models import Insurer, Organisation
from care.schema.receivers import Receiver
from declarations.schema.forms import InsurerField, date_field


class ReceiverForm(forms.Form):
    """That an addressee (0108) receives for another insurer (0204)."""

    addressee = InsurerField(
        label=_("Ontvanger van het bestand (0108)"),
        queryset=Insurer.objects.order_by("name"),
        empty_label=_("Kies een verzekeraar"),
    )
    insurer = InsurerField(
        label=_("Verzekeraar van de cliënt (0204)"),
        queryset=Insurer.objects.order_by("name"),
        empty_label=_("Kies een verzekeraar"),
    )
    valid_from = date_field(_("Eerste dag"))
    last_day = date_field(_("Laatste dag"), required=False, help_text=_("Leeg: zonder einde."))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, an insurer for itself, and what is recorded already."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("De laatste dag ligt vóór de eerste."))
        if not self.errors and cleaned["addressee"] == cleaned["insurer"]:
            self.add_error("insurer", _("Een verzekeraar ontvangt altijd voor zichzelf. Kies een andere."))
        if not self.errors and self._is_known(cleaned):
            self.add_error("valid_from", _("Dit staat er al, vanaf dezelfde dag."))
        return cleaned

    def _is_known(self, cleaned: dict[str, Any]) -> bool:
        same = {name: cleaned[name] for name in ("addressee", "insurer", "valid_from")}
        return Receiver.objects.filter(organisation=self.organisation, **same).exists()

    @property
    def valid_until(self) -> date | None:
        """The first day on which it no longer counts."""
        last: date | None = self.cleaned_data["last_day"]
        return last + ONE_DAY if last else None
