"""What people fill in around profiles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.constants import TOLD_BY_NURSES


class EventForm(forms.Form):
    """What happened to a client, and when: today where no day is given."""

    kind = forms.ChoiceField(label=_("Wat is er gebeurd?"), choices=TOLD_BY_NURSES)
    day = forms.DateField(label=_("Op welke dag?"), required=False)
