"""What people fill in around profiles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.schema.constants import TOLD_BY_NURSES


class JoinForm(forms.Form):
    """That two records are of one person: somebody has made sure."""

    is_sure = forms.BooleanField(
        label=_("Ik heb gecontroleerd dat dit één persoon is. Dit kan niet worden teruggedraaid.")
    )


class EventForm(forms.Form):
    """What happened to a client, and when: today where no day is given."""

    kind = forms.ChoiceField(label=_("Wat is er gebeurd?"), choices=TOLD_BY_NURSES)
    day = forms.DateField(label=_("Op welke dag?"), required=False)
