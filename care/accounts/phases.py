"""The road of an organisation: prepare, register, declare, contract; in this order, each from a day on."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from care.accounts.selectors import phase_on, phases_of
from care.schema.constants import Phase
from care.schema.models import Organisation, PhasePeriod, User

ROAD = (Phase.PREPARE, Phase.REGISTER, Phase.DECLARE, Phase.CONTRACT)


def phases_ahead(organisation: Organisation, today: date) -> tuple[Phase, ...]:
    """Return the phases that an organisation has not come to yet, in their order."""
    return ROAD[ROAD.index(phase_on(organisation, today)) + 1 :]


@transaction.atomic
def plan_phases(
    *,
    organisation: Organisation,
    starts: Mapping[Phase, date | None],
    today: date,
    user: User | None,
) -> list[PhasePeriod]:
    """Plan the phases that are to come, and only those; return them. What was planned before makes way.

    A phase without a day is not planned. Raises ValidationError by phase: each comes after the one before it,
    none is passed over, and none begins in the past.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    ahead = phases_ahead(organisation, today)
    problems = plan_problems(starts, ahead=ahead, today=today, since=_since(organisation, today))
    if problems:
        raise ValidationError({phase.value: sentence for phase, sentence in problems.items()})
    PhasePeriod.objects.filter(organisation=organisation, valid_from__gt=today).delete()
    planned = [(phase, day) for phase in ahead if (day := starts.get(phase)) is not None]
    return [
        PhasePeriod.objects.create(organisation=organisation, phase=phase, valid_from=day, recorded_by=user)
        for phase, day in planned
    ]


def _since(organisation: Organisation, today: date) -> date | None:
    begun = [period.valid_from for period in phases_of(organisation) if period.valid_from <= today]
    return max(begun, default=None)


def plan_problems(
    starts: Mapping[Phase, date | None], *, ahead: tuple[Phase, ...], today: date, since: date | None
) -> dict[Phase, str]:
    """Return what is wrong with a plan, by phase. `since`: when the present phase began."""
    problems: dict[Phase, str] = {}
    before, is_skipped = since, False
    for phase in ahead:
        day = starts.get(phase)
        if day is None:
            is_skipped = True
            continue
        if is_skipped:
            problems[phase] = _("De fase hiervoor heeft nog geen dag. Geen fase wordt overgeslagen.")
        elif day < today:
            problems[phase] = _("Deze dag is al voorbij. Kies vandaag of een latere dag.")
        elif before is not None and day <= before:
            problems[phase] = _("Deze fase begint na de vorige. Kies een latere dag.")
        before = day
    return problems
