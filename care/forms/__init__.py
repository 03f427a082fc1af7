"""What people fill in about people and organisations. Forms check shapes; services decide."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

Outcome = TypeVar("Outcome")


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a POST, also when nothing was ticked; nothing when a page is only opened."""
    return request.POST if request.method == "POST" else None


def accepted(form: forms.BaseForm, action: Callable[[], Outcome]) -> Outcome | None:
    """Return what a service makes of a valid form, or nothing: then what it refused stands by the fields."""
    if not form.is_valid():
        return None
    try:
        return action()
    except ValidationError as error:
        form.add_error(None, error)
        return None
