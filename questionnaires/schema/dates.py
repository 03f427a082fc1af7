"""On which days an anamnese of a client can be dated."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from care.schema.models import Client


class DateProblem(models.TextChoices):
    """Why a date cannot be the date of an anamnese; the label is the sentence for the nurse."""

    FUTURE = (
        "future",
        _("De datum ligt in de toekomst. Vul de dag in waarop je bij de cliënt was."),
    )
    BEFORE_CARE = (
        "before_care",
        _(
            "Op deze datum was de cliënt nog niet in zorg. Was je er op een andere dag, vul die dan in. "
            "Klopt de datum wel, laat dan de zorgperiode nakijken."
        ),
    )
    AFTER_CARE = (
        "after_care",
        _(
            "Op deze datum was de cliënt niet meer in zorg. Was je er op een andere dag, vul die dan in. "
            "Klopt de datum wel, laat dan de zorgperiode nakijken."
        ),
    )
    BETWEEN = (
        "between",
        _(
            "Op deze datum was de cliënt een tijd niet in zorg. Was je er op een andere dag, vul die dan in. "
            "Klopt de datum wel, laat dan de zorgperiode nakijken."
        ),
    )
    TAKEN = (
        "taken",
        _(
            "Er is al een anamnese van deze datum. Klopt daar iets niet, corrigeer die dan. Was je er op een "
            "andere dag, vul die dan in."
        ),
    )


def date_problem(client: Client, day: date, *, today: date) -> DateProblem | None:
    """Return why the client cannot have an anamnese of this day, or None."""
    if day > today:
        return DateProblem.FUTURE
    if client.is_in_care(day):
        return None
    spells = [spell.period for spell in client.care_periods.all()]
    if all(day < spell.lower for spell in spells):
        return DateProblem.BEFORE_CARE
    later = any(day < spell.lower for spell in spells)
    return DateProblem.BETWEEN if later else DateProblem.AFTER_CARE
