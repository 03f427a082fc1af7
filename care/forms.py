"""What people fill in about people and organisations. Forms check shapes; services decide."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from care.schema.identifiers import validate_bsn, without_marks

Made = TypeVar("Made")


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a POST, also when nothing was ticked; nothing when a page is only opened."""
    return request.POST if request.method == "POST" else None


def accepted(form: forms.BaseForm, action: Callable[[], Made]) -> Made | None:
    """Return what a service makes of a valid form, or nothing: then what it refused stands by the fields."""
    if not form.is_valid():
        return None
    try:
        return action()
    except ValidationError as error:
        form.add_error(None, error)
        return None


class BsnField(forms.CharField):
    """A BSN that browsers do not remember, pasted as it stands elsewhere: with blanks and dots.

    No maxlength: a browser would cut off what was pasted, and the rest may be another person's number.
    """

    def to_python(self, value: Any) -> Any:
        """Take off what only makes the digits easier to read."""
        return without_marks(super().to_python(value) or "")


def bsn_field(**kwargs: Any) -> forms.CharField:
    """Return a field for a BSN."""
    return BsnField(
        label=_("BSN"),
        validators=[validate_bsn],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-digits": True}),
        **kwargs,
    )


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day, typed as 14-03-1941 or as browsers send it."""
    return forms.DateField(
        label=label,
        error_messages={"invalid": _("Schrijf een bestaande dag als dd-mm-jjjj, bijvoorbeeld 14-03-1941.")},
        widget=forms.DateInput(
            format="%d-%m-%Y", attrs={"autocomplete": "off", "placeholder": _("dd-mm-jjjj")}
        ),
        **kwargs,
    )
