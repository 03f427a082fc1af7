"""Forms of what happens to a client: coming back into care, a death, another record of the same person."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from care.accounts.selectors import teams_of
from care.clients import selectors
from care.clients.deaths import death_problem
from care.forms import bsn_field, day_field
from care.schema.models import Client, Insurer, Membership, Team


class ReturnForm(forms.Form):
    """A client who comes back: from which day, and to which team and insurer."""

    day = day_field(_("Weer in zorg vanaf"))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), to_field_name="public_id", empty_label=_("kies")
    )
    insurer = forms.ModelChoiceField(
        label=_("Zorgverzekeraar"),
        queryset=Insurer.objects.order_by("name"),
        to_field_name="public_id",
        empty_label=_("kies"),
    )

    def __init__(self, data: Any = None, *, membership: Membership, client: Client) -> None:
        now = {"team": client.team.public_id, "insurer": client.insurer.public_id}
        super().__init__(data, initial={"day": timezone.localdate(), **now})
        cast(Any, self.fields["team"]).queryset = teams_of(membership).order_by("name")


class DeathForm(forms.Form):
    """The day on which a client died."""

    died_on = day_field(_("Op welke dag is de cliënt overleden?"))

    def __init__(self, data: Any = None, *, client: Client) -> None:
        super().__init__(data)
        self.client = client

    def clean_died_on(self) -> date:
        """Refuse a day that cannot be, beside the field."""
        died_on: date = self.cleaned_data["died_on"]
        problem = death_problem(self.client, died_on, timezone.localdate())
        if problem:
            raise forms.ValidationError(problem)
        return died_on


class OtherRecordForm(forms.Form):
    """The other record of the same person, by its BSN."""

    bsn = bsn_field()

    def __init__(self, data: Any = None, *, client: Client) -> None:
        super().__init__(data)
        self.client = client
        self.fields["bsn"].label = _("BSN in het andere dossier")

    def clean_bsn(self) -> str:
        """Find the other record in the same organisation."""
        bsn: str = self.cleaned_data["bsn"]
        found = selectors.client_by_bsn(self.client.organisation_id, bsn)
        if found is None or found == self.client:
            raise forms.ValidationError(_("Er is in je organisatie geen ander dossier met dit BSN."))
        self.other = found
        return bsn
