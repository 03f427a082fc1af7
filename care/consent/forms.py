"""What a client said about handing a profile on."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from care.consent.selectors import StandingStatements
from care.forms import day_field
from care.schema.constants import ClientStatement
from care.schema.statements import Consent


class StatementForm(forms.Form):
    """What a client says about handing the profile on; only what can be said now.

    Of another insurer than the client's own, its number stands behind the statement.
    """

    statement = forms.ChoiceField(label=_("Wat zegt de cliënt?"), widget=forms.RadioSelect)
    day = day_field(_("Vanaf welke dag geldt dat?"))

    def __init__(self, data: Any = None, *, standing: StandingStatements) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})
        possible = (
            ClientStatement.OBJECTS_NO_MORE if standing.objection else ClientStatement.OBJECTS,
            ClientStatement.CONSENTS_NO_MORE if standing.consent else ClientStatement.CONSENTS,
        )
        own = [(said.value, said.label) for said in possible]
        elsewhere = [_about_another(consent) for consent in standing.elsewhere]
        cast(Any, self.fields["statement"]).choices = [*own, *elsewhere]

    def said(self) -> tuple[ClientStatement, str]:
        """Return what the client says, and the number of the insurer that it is about (empty: the own)."""
        statement, _colon, uzovi = self.cleaned_data["statement"].partition(":")
        return ClientStatement(statement), uzovi


def _about_another(consent: Consent) -> tuple[str, str]:
    about = {"insurer": consent.insurer.name}
    if consent.withdrawn_on is None:
        label = gettext("De cliënt trekt de toestemming voor %(insurer)s in.") % about
        return f"{ClientStatement.CONSENTS_NO_MORE}:{consent.insurer.uzovi}", label
    label = gettext("De cliënt geeft opnieuw toestemming voor %(insurer)s.") % about
    return f"{ClientStatement.CONSENTS}:{consent.insurer.uzovi}", label
