"""What a new password has to be. The rules are Django's; the words ours, as not all of its own are Dutch."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        """Return the sentence for whoever chose it."""
        return _("Dit wachtwoord is te kort: kies minstens %(length)d tekens.") % {"length": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    """None of the 20,000 passwords that most people choose."""

    def get_error_message(self) -> str:
        """Return the sentence for whoever chose it."""
        return _("Dit wachtwoord is makkelijk te raden, omdat veel mensen het kiezen. Kies een ander.")


class NotOneself(password_validation.UserAttributeSimilarityValidator):
    """Nothing that resembles what is known of the person."""

    def get_error_message(self) -> str:
        """Return the sentence for whoever chose it."""
        return _("Dit wachtwoord lijkt te veel op je naam of je e-mailadres. Kies een ander.")
