"""The road of an organisation: in order, none passed over, never in the past."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from care.accounts import phases
from care.accounts.phases import phases_ahead, plan_problems
from care.accounts.selectors import phase_on, phases_of
from care.schema.constants import Phase
from care.schema.models import PhasePeriod
from tests.actors import House

TODAY = date(2026, 3, 1)
AHEAD = (Phase.REGISTER, Phase.DECLARE, Phase.CONTRACT)


@pytest.mark.parametrize(
    ("starts", "wrong"),
    [
        ({}, set()),
        ({Phase.REGISTER: TODAY}, set()),
        ({Phase.REGISTER: TODAY, Phase.DECLARE: date(2026, 4, 1), Phase.CONTRACT: date(2027, 1, 1)}, set()),
        ({Phase.REGISTER: date(2026, 2, 28)}, {Phase.REGISTER}),
        ({Phase.DECLARE: date(2026, 4, 1)}, {Phase.DECLARE}),
        ({Phase.REGISTER: date(2026, 4, 1), Phase.CONTRACT: date(2026, 5, 1)}, {Phase.CONTRACT}),
        ({Phase.REGISTER: date(2026, 4, 1), Phase.DECLARE: date(2026, 4, 1)}, {Phase.DECLARE}),
        ({Phase.REGISTER: date(2026, 4, 2), Phase.DECLARE: date(2026, 4, 1)}, {Phase.DECLARE}),
    ],
)
def test_a_plan_goes_in_order_without_gaps(starts: dict[Phase, date | None], wrong: set[Phase]) -> None:
    assert set(plan_problems(starts, ahead=AHEAD, today=TODAY, since=date(2013, 1, 1))) == wrong


def test_a_phase_begins_after_the_one_that_began_today() -> None:
    assert plan_problems({Phase.REGISTER: TODAY}, ahead=AHEAD, today=TODAY, since=TODAY)


@pytest.mark.django_db
def test_planning_again_replaces_what_is_still_to_come(thuis: House) -> None:
    today, organisation = timezone.localdate(), thuis.organisation
    soon, later = today + timedelta(days=10), today + timedelta(days=90)
    with thuis.scope():
        PhasePeriod.objects.update(phase=Phase.PREPARE)
        assert phases_ahead(organisation, today) == AHEAD
        for day in (later, soon):
            phases.plan_phases(
                organisation=organisation, starts={Phase.REGISTER: day}, today=today, user=None
            )
        assert [(each.phase, each.valid_from) for each in phases_of(organisation)][1:] == [
            (Phase.REGISTER, soon)
        ]
        assert (phase_on(organisation, today), phase_on(organisation, soon)) == (
            Phase.PREPARE,
            Phase.REGISTER,
        )
        with pytest.raises(ValidationError):
            phases.plan_phases(
                organisation=organisation, starts={Phase.CONTRACT: later}, today=today, user=None
            )
        assert phase_on(organisation, soon) == Phase.REGISTER
