"""Which insurer receives for which: files addressed to one may hold codes of people insured with another."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from care.schema.models import Insurer, Organisation
from care.schema.receivers import Receiver


def record_receiver(
    *,
    organisation: Organisation,
    addressee: Insurer,
    insurer: Insurer,
    valid_from: date,
    valid_until: date | None = None,
) -> tuple[Receiver, bool]:
    """Record that an addressee (0108) receives for an insurer (0204); return it and whether it is new.

    From the same day it is one row: its end is then set to this one, never undone by naming none. Raises
    ValidationError for an end before the beginning, and where both are one.
    """
    if addressee == insurer:
        raise ValidationError(
            {"addressee": _("Een verzekeraar ontvangt altijd voor zichzelf. Dat hoeft niet vastgelegd.")}
        )
    _refuse_end_before(valid_from, valid_until)
    row, is_new = Receiver.objects.get_or_create(
        organisation=organisation,
        addressee=addressee,
        insurer=insurer,
        valid_from=valid_from,
        defaults={"valid_until": valid_until},
    )
    if not is_new and valid_until is not None:
        end_receiver(receiver=row, valid_until=valid_until)
    return row, is_new


def end_receiver(*, receiver: Receiver, valid_until: date) -> None:
    """Let it count until, not on, a day. Raises ValidationError on `valid_until`."""
    _refuse_end_before(receiver.valid_from, valid_until)
    receiver.valid_until = valid_until
    receiver.save(update_fields=["valid_until"])


def _refuse_end_before(first: date, end: date | None) -> None:
    if end and end <= first:
        raise ValidationError({"valid_until": _("De einddatum hoort na de begindatum te liggen.")})
