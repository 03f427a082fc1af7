"""What people fill in around profiles."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from care.schema.models import Client
from profiles.schema.constants import TOLD_BY_NURSES
from profiles.schema.known_codes import code_word
from profiles.schema.models import ClientProfile
from profiles.timeline.joining import Choices, Proposal, SameDay

ENDED, GOES_ON = "ended", "goes_on"


class JoinForm(forms.Form):
    """That two records are of one person, and which of the two is right where they contradict each other."""

    is_sure = forms.BooleanField(
        label=_("Ik heb gecontroleerd dat dit één persoon is. Dit kan niet worden teruggedraaid.")
    )

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._days = [pair.day for pair in proposal.same_days]
        asked = {_name(pair.day): _which(pair, proposal) for pair in proposal.same_days}
        if proposal.ends_on:
            asked["care"] = _whether_ended(proposal.ends_on)
        self.fields = {**asked, **self.fields}

    def choices(self) -> Choices:
        """Return what was chosen, of a valid form."""
        given = self.cleaned_data
        profiles = {day: UUID(given[_name(day)]) for day in self._days}
        return Choices(profiles, has_ended=given["care"] == ENDED if "care" in given else None)


def _name(day: date) -> str:
    return f"anamnese_{day:%Y%m%d}"


def _which(pair: SameDay, proposal: Proposal) -> forms.ChoiceField:
    sides = ((pair.gone, proposal.gone.client), (pair.stays, proposal.stays.client))
    return forms.ChoiceField(
        label=_("Op %(day)s staat in allebei een anamnese. Welke blijft gelden?")
        % {"day": date_format(pair.day)},
        help_text=_("De andere blijft te lezen, als vervangen."),
        choices=[(str(profile.public_id), _label(profile, client)) for profile, client in sides],
        widget=forms.RadioSelect,
    )


def _label(profile: ClientProfile, client: Client) -> str:
    nurse = profile.anamnese.nurse
    return _("%(code)s, %(nurse)s, uit het dossier met BSN %(bsn)s") % {
        "code": code_word(profile.code),
        "nurse": nurse.name if nurse else _("ingelezen uit een bestand"),
        "bsn": client.bsn,
    }


def _whether_ended(ends_on: date) -> forms.ChoiceField:
    last = date_format(ends_on - timedelta(days=1))
    return forms.ChoiceField(
        label=_("In het ene dossier is de zorg geëindigd, in het andere loopt die door. Wat klopt?"),
        choices=[
            (ENDED, _("De zorg is geëindigd: de laatste dag was %(day)s.") % {"day": last}),
            (GOES_ON, _("De zorg loopt door.")),
        ],
        widget=forms.RadioSelect,
    )


class EventForm(forms.Form):
    """What happened to a client, and when: today where no day is given."""

    kind = forms.ChoiceField(label=_("Wat is er gebeurd?"), choices=TOLD_BY_NURSES)
    day = forms.DateField(label=_("Op welke dag?"), required=False)
