"""Forms about legal bases, agreements and releases. A last day on screen is the day before valid_until."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from care.days import ONE_DAY
from care.schema.constants import BasisKind
from care.schema.models import Insurer, Organisation
from care.schema.periods import Dated
from care.schema.statements import LegalBasis


def date_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field with the browser's own date picker, which speaks YYYY-MM-DD."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


class InsurerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Insurers as people look them up: name and number."""

    def label_from_instance(self, obj: Model) -> str:
        """Return name and number."""
        return f"{obj} ({obj.uzovi})" if isinstance(obj, Insurer) else str(obj)


class BasisForm(forms.Form):
    """A new legal basis."""

    insurer = InsurerField(
        label=_("Zorgverzekeraar"),
        queryset=Insurer.objects.order_by("name"),
        empty_label=_("Kies een verzekeraar"),
    )
    kind = forms.ChoiceField(
        label=_("Soort grondslag"),
        choices=[(kind.value, capfirst(kind.label)) for kind in BasisKind],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Verwijzing"),
        max_length=200,
        help_text=_("Wet en artikel, of naam en kenmerk van de overeenkomst."),
    )
    valid_from = date_field(_("Eerste dag"))
    last_day = date_field(_("Laatste dag"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, and a basis that is recorded already."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("De laatste dag ligt vóór de eerste."))
        if not self.errors and self._is_known(cleaned):
            self.add_error("reference", _("Deze grondslag staat er al, vanaf dezelfde dag."))
        return cleaned

    def _is_known(self, cleaned: dict[str, Any]) -> bool:
        return LegalBasis.objects.filter(
            organisation=self.organisation,
            insurer=cleaned["insurer"],
            reference=cleaned["reference"],
            valid_from=cleaned["valid_from"],
        ).exists()

    @property
    def valid_until(self) -> date | None:
        """The first day on which the basis no longer holds."""
        last: date | None = self.cleaned_data["last_day"]
        return last + ONE_DAY if last else None


class EndForm(forms.Form):
    """The last day of what was recorded from a first day on."""

    last_day = date_field(_("Laatste dag waarop dit geldt"))
    too_early = _("Deze dag ligt vóór de eerste dag.")

    def __init__(self, *args: Any, dated: Dated, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dated = dated
        self.initial["last_day"] = dated.last_day or max(dated.valid_from, timezone.localdate())

    def clean_last_day(self) -> date:
        """Refuse a day before it begins."""
        last: date = self.cleaned_data["last_day"]
        if last < self.dated.valid_from:
            raise ValidationError(self.too_early)
        return last

    @property
    def valid_until(self) -> date:
        """The first day on which it no longer holds."""
        last: date = self.cleaned_data["last_day"]
        return last + ONE_DAY


class BasisEndForm(EndForm):
    """The last day of a legal basis."""

    last_day = date_field(_("Laatste dag waarop de grondslag geldt"))
    too_early = _("Deze dag ligt vóór het begin van de grondslag.")


class ReferenceDayForm(forms.Form):
    """The day over which figures are counted."""

    day = date_field(
        _("Peildatum"), help_text=_("Op deze dag tellen we wie er in zorg is en met welk profiel.")
    )

    def clean_day(self) -> date:
        """Refuse a day to come."""
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("Deze dag moet nog komen. Kies vandaag of een eerdere dag."))
        return day


class ReleaseForm(forms.Form):
    """The release itself: what was seen, and that it was seen."""

    day = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_sure = forms.BooleanField(
        label=_("Ik heb deze cijfers bekeken. Ik weet dat vrijgeven niet is terug te draaien."),
        error_messages={"required": _("Zet een vinkje als je de cijfers hebt bekeken.")},
    )
