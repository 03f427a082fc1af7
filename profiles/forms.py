"""What people fill in around profiles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.constants import EventKind


class EventForm(forms.Form):
    """What happened to a client, and when: today where no day is given."""

    kind = forms.ChoiceField(label=_("Wat is er gebeurd?"), choices=EventKind.choices)
    day = forms.DateField(label=_("Op welke dag?"), required=False)
