"""How long filling in takes: her own for the nurse; for the lead a median of enough that none can be told."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from care.schema.constants import Role
from profiles.review.views import LEAST_MEASURED, MEASURED_DAYS
from profiles.schema.models import ClientProfile
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.services import save_answers, start_anamnese
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House, actor
from tests.as_shown import as_shown
from tests.factories import people
from tests.factories.anamneses import answers_for

SENTENCE = "Een anamnese kostte"


def measure(house: House, nurse: Actor, *seconds: int | None, day: date | None = None) -> None:
    """Let the nurse finish an anamnese for each of these times, with a new client of her team."""
    for one in seconds:
        client = people.client(house.north)
        anamnese = start_anamnese(client=client, membership=nurse.membership, day=day or localdate())
        Anamnese.objects.filter(pk=anamnese.pk).update(active_seconds=one)
        answers = answers_for("DKDL-01")
        save_answers(anamnese=anamnese, membership=nurse.membership, answers=answers, revision=0)
        finish_anamnese(anamnese=anamnese, membership=nurse.membership, revision=1)


def page(lead: Actor) -> str:
    return shown(lead, "/team/")


def shown(whom: Actor, address: str) -> str:
    return as_shown(whom.browser.get(address))


def test_the_lead_sees_a_median(thuis: House, nurse: Actor, team_lead: Actor) -> None:
    with thuis.scope():
        measure(thuis, nurse, 60, 80, 95, 100, 900)
    assert f"{SENTENCE} de laatste drie maanden meestal 1 min 35 s." in page(team_lead)


@pytest.mark.parametrize("more", [(), (None,), (0,)])
def test_few_are_not_shown(
    thuis: House, nurse: Actor, team_lead: Actor, more: tuple[int | None, ...]
) -> None:
    with thuis.scope():
        measure(thuis, nurse, *[90] * (LEAST_MEASURED - 1), *more)
    assert SENTENCE not in page(team_lead)


def test_old_ones_do_not_count(thuis: House, nurse: Actor, team_lead: Actor) -> None:
    with thuis.scope():
        measure(thuis, nurse, *[90] * LEAST_MEASURED, day=localdate() - timedelta(days=MEASURED_DAYS + 1))
    assert SENTENCE not in page(team_lead)


def told(actor: Actor) -> bool:
    profile = ClientProfile.objects.get()
    return "Hier was je 1 min 35 s mee bezig." in shown(actor, f"/profielen/{profile.public_id}/")


def test_she_sees_her_own_and_nobody_else_does(thuis: House, nurse: Actor, team_lead: Actor) -> None:
    colleague = actor(Role.NURSE, thuis, thuis.north)
    with thuis.scope():
        measure(thuis, nurse, 95)
        assert [told(each) for each in (nurse, team_lead, colleague)] == [True, False, False]
