"""Numbers that the field identifies people and organisations with, and their checks."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

validate_agb = RegexValidator(r"\A[0-9]{8}\Z", _("Een AGB-code heeft 8 cijfers."))
validate_uzovi = RegexValidator(r"\A[0-9]{4}\Z", _("Een UZOVI-nummer heeft 4 cijfers."))


def is_bsn(text: str) -> bool:
    """Tell whether text is a BSN: nine digits that pass the 11-test (Wet algemene bepalingen BSN)."""
    if len(text) != len(BSN_WEIGHTS) or not (text.isascii() and text.isdigit()) or text == "000000000":
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, BSN_WEIGHTS, strict=True)) % 11 == 0


def without_marks(text: str) -> str:
    """Return a number without the blanks and dots that people write in it."""
    return "".join(text.replace(".", "").split())


def validate_bsn(text: str) -> None:
    """Raise ValidationError unless text is a BSN; of too many digits it says how many."""
    if text.isdigit() and len(text) > len(BSN_WEIGHTS):
        raise ValidationError(
            _("Dit zijn %(count)d cijfers. Een BSN heeft er 9; haal weg wat er niet bij hoort.")
            % {"count": len(text)}
        )
    if not is_bsn(text):
        raise ValidationError(
            _("Dit is geen geldig BSN. Een BSN heeft 9 cijfers; kijk of er een cijfer verkeerd staat.")
        )
