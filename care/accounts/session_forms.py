"""Logging in and setting a password."""

import logging
from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    SetPasswordForm,
    SetPasswordMixin,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from care.accounts import throttle
from care.schema.models import User

log = logging.getLogger(__name__)

PASSWORD_HELP = _("Minstens 12 tekens. Een zin van een paar woorden onthoud je het makkelijkst.")
HELD_UP = _(
    "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht een kwartier en probeer het dan opnieuw, "
    "of vraag je functioneel beheerder om een nieuwe link."
)
NOT_THE_SAME = _("De twee wachtwoorden zijn niet hetzelfde.")


class LoginForm(AuthenticationForm):
    """E-mail address and password. One sentence for every failure: it never tells who has an account."""

    error_messages = {
        "invalid_login": _(
            "Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens. "
            "Lukt het niet, vraag dan je functioneel beheerder om een nieuwe link."
        ),
        "inactive": _(
            "Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens. "
            "Lukt het niet, vraag dan je functioneel beheerder om een nieuwe link."
        ),
    }
    username = forms.CharField(
        label=_("E-mailadres"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Look at the password, unless too many failed; whether there is such an account does not matter."""
        attempt = throttle.attempt_of(self.request, self.cleaned_data.get("username") or "")
        if not throttle.begin(attempt):
            raise ValidationError(HELD_UP, code="held_up")
        try:
            found: dict[str, Any] = super().clean()
        except ValidationError:
            log.warning("login_failed")
            raise
        user = self.get_user()
        if user is not None:
            throttle.succeeded(attempt)
            log.info("logged_in user=%s", user.public_id)
        return found


class ToldAtTheFirst(SetPasswordMixin):  # type: ignore[type-arg]
    """Says what is wrong with a new password where it was typed, and not where it was typed again."""

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        """Check the first of both, also while the second differs."""
        super().validate_password_for_user(user, "new_password1")


class NewPasswordForm(ToldAtTheFirst, SetPasswordForm):  # type: ignore[type-arg]
    """A first or forgotten password, by one-time link."""

    error_messages = {"password_mismatch": NOT_THE_SAME}
    new_password1, new_password2 = SetPasswordForm.create_password_fields(
        label1=_("Nieuw wachtwoord"), label2=_("Nog een keer")
    )
    new_password1.help_text = PASSWORD_HELP
    new_password2.help_text = ""


class ChangePasswordForm(ToldAtTheFirst, PasswordChangeForm):
    """Another password, for somebody who knows the present one: guessing that is slow as at the door."""

    error_messages = {
        "password_mismatch": NOT_THE_SAME,
        "password_incorrect": _("Dit is niet je huidige wachtwoord."),
    }
    old_password = forms.CharField(
        label=_("Huidig wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password1, new_password2 = SetPasswordForm.create_password_fields(
        label1=_("Nieuw wachtwoord"), label2=_("Nog een keer")
    )
    new_password1.help_text = PASSWORD_HELP
    new_password2.help_text = ""

    def __init__(self, user: User, *args: Any, attempt: throttle.Attempt, **kwargs: Any) -> None:
        self.attempt = attempt
        super().__init__(user, *args, **kwargs)

    def clean_old_password(self) -> str:
        """Look at the present password, unless too many failed."""
        if not throttle.begin(self.attempt):
            raise ValidationError(HELD_UP, code="held_up")
        password: str = super().clean_old_password()
        throttle.succeeded(self.attempt)
        return password
