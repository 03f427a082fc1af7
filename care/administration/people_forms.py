"""People, their roles, and teams, as the administrator fills them in."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from care.schema.constants import Role
from care.schema.models import Organisation, Team

OWN_ROLES = [choice for choice in Role.choices if choice[0] != Role.INSURER]


class TeamsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Teams of one organisation by their public id; none named means all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Team.objects.none(),
            to_field_name="public_id",
            required=False,
            label=_("Teams"),
            help_text=_("Kies niets als deze rol voor alle teams geldt."),
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the public ids, also of teams that come from the database."""
        if isinstance(value, (list, tuple)):
            return [str(getattr(team, "public_id", team)) for team in value]
        return super().prepare_value(value)


class TeamsForm(forms.Form):
    """The teams that a role covers."""

    teams = TeamsField()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(organisation=organisation).order_by("name")
        cast(Any, self.fields["teams"]).queryset = teams


class RoleForm(TeamsForm):
    """Another role for somebody who is known."""

    role = forms.ChoiceField(label=_("Rol"), choices=OWN_ROLES, initial=Role.NURSE)
    field_order = ["role", "teams"]


class PersonForm(RoleForm):
    """Somebody new, with a first role."""

    name = forms.CharField(
        label=_("Naam"),
        max_length=120,
        help_text=_("Zoals collega's die zien, bijvoorbeeld: Anouk de Vries."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=254,
        help_text=_("Hiermee logt deze persoon in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "email", "role", "teams"]


class NameForm(forms.Form):
    """The name that colleagues see."""

    name = forms.CharField(label=_("Naam"), max_length=120)


class TeamForm(forms.Form):
    """A team and where it works."""

    name = forms.CharField(label=_("Naam van het team"), max_length=80)
    municipality = forms.CharField(
        label=_("Gemeente"), max_length=80, required=False, help_text=_("De gemeente waarin het team werkt.")
    )
