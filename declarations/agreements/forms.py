"""Forms about phases, agreements in full, evidence and code tables."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from care.accounts.phases import plan_problems
from care.schema.constants import Phase
from care.schema.models import Organisation
from declarations.agreements import code_tables
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import DeliveryMode
from declarations.schema.forms import date_field

_LABELS = {
    Phase.REGISTER: _("Registreren vanaf"),
    Phase.DECLARE: _("Declareren vanaf"),
    Phase.CONTRACT: _("Contracteren vanaf"),
}


class PhasesForm(forms.Form):
    """From which day each phase that is to come begins; without a day it is not planned."""

    def __init__(
        self, *args: Any, ahead: tuple[Phase, ...], today: date, since: date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ahead, self.today, self.since = ahead, today, since
        for phase in ahead:
            self.fields[phase.value] = date_field(_LABELS[phase], required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what is out of order, passes over a phase, or lies in the past."""
        cleaned = super().clean() or {}
        if not self.errors:
            problems = plan_problems(self.starts(), ahead=self.ahead, today=self.today, since=self.since)
            for phase, sentence in problems.items():
                self.add_error(phase.value, sentence)
        return cleaned

    def starts(self) -> dict[Phase, date | None]:
        """Return the first day of each phase."""
        return {phase: self.cleaned_data.get(phase.value) for phase in self.ahead}


class TableField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Code tables by name and version."""

    def label_from_instance(self, obj: Model) -> str:
        """Return name and version, and that a table is no more than an example."""
        table = cast("CodeTable", obj)
        return _("%(table)s (voorbeeld)") % {"table": table} if table.is_example else str(table)


class AgreementForm(forms.Form):
    """What is agreed with one insurer, from a day on."""

    sending = forms.TypedChoiceField(
        label=_("Profielcodes meesturen"),
        choices=[
            ("aan", _("Aan: de code gaat mee met de declaratie")),
            ("uit", _("Uit: er wordt niets toegevoegd")),
        ],
        coerce=lambda word: word == "aan",
        widget=forms.RadioSelect,
    )
    delivery_form = forms.ChoiceField(
        label=_("Hoe gaan ze mee?"),
        choices=[
            (DeliveryMode.IN_FILE.value, _("In het declaratiebestand, als extra regel zonder bedrag")),
            (DeliveryMode.SEPARATE.value, _("In een apart bestand; de declaratie blijft zoals zij is")),
        ],
        widget=forms.RadioSelect,
    )
    code_table = TableField(
        label=_("Codetabel"),
        queryset=CodeTable.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    valid_from = date_field(
        _("Vanaf"),
        help_text=_("Ook een dag die al voorbij is mag: dan geldt het voor de zorg sinds die dag."),
    )

    def __init__(self, *args: Any, organisation: Organisation, now: Agreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Q(organisation=organisation) | Q(organisation=None)
        cast("Any", self.fields["code_table"]).queryset = CodeTable.objects.filter(own).order_by("-id")
        table = now.code_table if now else code_tables.example()
        self.initial.setdefault("delivery_form", now.delivery_form if now else DeliveryMode.IN_FILE.value)
        self.initial.setdefault("code_table", table.public_id)


class EvidenceForm(forms.Form):
    """A file that proves a basis, or where it lies."""

    file = forms.FileField(
        label=_("Bestand"),
        required=False,
        help_text=_("Een pdf of een foto (png of jpg), hoogstens 10 MB. Het wordt versleuteld bewaard."),
        error_messages={"empty": _("Dit bestand is leeg.")},
    )
    location = forms.CharField(
        label=_("Of: waar ligt het stuk?"),
        required=False,
        max_length=300,
        help_text=_("Bijvoorbeeld een dossiernummer of een map in jullie archief. Geen namen van cliënten."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("location"):
            raise ValidationError(_("Kies een bestand, of schrijf op waar het stuk ligt."))
        return cleaned


class TableForm(forms.Form):
    """A code table to take in."""

    name = forms.CharField(
        label=_("Naam"), max_length=80, help_text=_("Bijvoorbeeld de verzekeraar met wie je dit afsprak.")
    )
    version = forms.CharField(
        label=_("Versie"), max_length=20, help_text=_("Bijvoorbeeld 2026. Een versie verandert niet meer.")
    )
    file = forms.FileField(
        label=_("Bestand (csv)"),
        help_text=_("Eerste regel: profiel;codelijst;prestatiecode;tijdseenheid"),
        error_messages={"required": _("Kies eerst een bestand."), "empty": _("Dit bestand is leeg.")},
    )
