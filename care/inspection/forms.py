"""What the privacy officer looks for in the access log."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from care.forms import bsn_field, day_field
from care.schema.constants import SYSTEM_ROLE, AccessAction, Role
from care.schema.models import Organisation, User

ANY = ("", _("alle"))
ROLES = [ANY, *Role.choices, (SYSTEM_ROLE, _("koppeling met een ander programma"))]


class LogFilterForm(forms.Form):
    """Who, in which role, did what, on which day."""

    user = forms.ModelChoiceField(
        label=_("Wie"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("alle"),
    )
    role = forms.ChoiceField(label=_("Rol"), choices=ROLES, required=False)
    action = forms.ChoiceField(label=_("Wat"), choices=[ANY, *AccessAction.choices], required=False)
    day = day_field(_("Dag"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(memberships__organisation=organisation).distinct().order_by("name")
        cast(Any, self.fields["user"]).queryset = people

    def clean_day(self) -> date | None:
        """Refuse a day to come: nobody looked then."""
        day: date | None = self.cleaned_data["day"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Deze dag moet nog komen. Kies vandaag of een eerdere dag."))
        return day


class LogClientForm(forms.Form):
    """Whose file: by exact BSN, sent in the body of the request."""

    bsn = bsn_field()
