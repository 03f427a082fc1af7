"""Logging in and setting a password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

PASSWORD_HELP = _("Minstens 12 tekens. Een zin van een paar woorden onthoud je het makkelijkst.")
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


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A first or forgotten password, by one-time link."""

    error_messages = {"password_mismatch": NOT_THE_SAME}
    new_password1, new_password2 = SetPasswordForm.create_password_fields(
        label1=_("Nieuw wachtwoord"), label2=_("Nog een keer")
    )
    new_password1.help_text = PASSWORD_HELP
    new_password2.help_text = ""


class ChangePasswordForm(PasswordChangeForm):
    """Another password, for somebody who knows the present one."""

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
