"""Bringing back what was thrown away on the server's screens, within a day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from care.schema.constants import Role
from care.schema.models import Client
from questionnaires.anamneses.discarded_drafts import KEPT
from questionnaires.anamneses.services import discard_anamnese, start_anamnese
from questionnaires.anamneses.tasks import forget_what_was_thrown_away
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House, actor
from tests.as_shown import as_shown
from tests.factories import anamneses, people

DAY = localdate() - timedelta(days=2)
ANSWERS = {"Q2": "1", "Q3": "1", "Q4": "2"}
BACK = "Haal terug"


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom")


@pytest.fixture
def thrown(thuis: House, nurse: Actor, client: Client) -> Anamnese:
    """A draft that was thrown away just now."""
    with thuis.scope():
        draft = anamneses.draft(client, nurse.membership, day=DAY, answers=ANSWERS)
        discard_anamnese(anamnese=draft, membership=nurse.membership)
        return draft


def drafts(house: House) -> list[Anamnese]:
    with house.scope():
        return list(Anamnese.objects.filter(status=AnamneseStatus.DRAFT).select_related("corrects"))


def answers_of(house: House, anamnese: Anamnese) -> object:
    with house.scope():
        return Anamnese.objects.get(pk=anamnese.pk).answers


def ago(house: House, anamnese: Anamnese, how_long: timedelta) -> None:
    with house.scope():
        Anamnese.objects.filter(pk=anamnese.pk).update(saved_at=timezone.now() - how_long)


def page_of(nurse: Actor, client: Client) -> str:
    return as_shown(nurse.browser.get(reverse("client-page", args=[client.public_id])))


def bring_back(nurse: Actor, anamnese: Anamnese) -> str:
    """Press the button; return what she reads then."""
    address = reverse("anamnese-bring-back", args=[anamnese.public_id])
    return as_shown(nurse.browser.post(address, follow=True))


def test_it_comes_back_with_its_day_and_answers_under_another_id(
    nurse: Actor, client: Client, thrown: Anamnese, thuis: House
) -> None:
    assert BACK in page_of(nurse, client)
    assert "Het concept is terug." in bring_back(nurse, thrown)
    (back,) = drafts(thuis)
    assert (back.date, back.answers, back.revision) == (DAY, ANSWERS, 1)
    assert back.public_id != thrown.public_id
    assert BACK not in page_of(nurse, client)


def test_it_comes_back_once(nurse: Actor, client: Client, thrown: Anamnese, thuis: House) -> None:
    bring_back(nurse, thrown)
    assert "niet meer terug te halen" in bring_back(nurse, thrown)
    assert len(drafts(thuis)) == 1


def test_a_correction_comes_back_with_its_reason(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        old = anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05").anamnese
        draft = anamneses.draft(client, nurse.membership, day=DAY, corrects=old, reason="verkeerd getikt")
        discard_anamnese(anamnese=draft, membership=nurse.membership)
    bring_back(nurse, draft)
    (back,) = drafts(thuis)
    assert (back.corrects, back.correction_reason) == (old, "verkeerd getikt")
    assert back.answers == draft.answers


def test_after_a_day_it_is_gone(nurse: Actor, client: Client, thrown: Anamnese, thuis: House) -> None:
    ago(thuis, thrown, KEPT)
    assert BACK not in page_of(nurse, client)
    assert "niet meer terug te halen" in bring_back(nurse, thrown)
    forget_what_was_thrown_away()
    assert (drafts(thuis), answers_of(thuis, thrown)) == ([], {})


def test_within_a_day_nothing_is_forgotten(thrown: Anamnese, thuis: House) -> None:
    ago(thuis, thrown, KEPT - timedelta(minutes=1))
    forget_what_was_thrown_away()
    assert answers_of(thuis, thrown) == ANSWERS


def test_what_the_end_of_care_closed_is_not_forgotten(thrown: Anamnese, thuis: House) -> None:
    with thuis.scope():
        Anamnese.objects.filter(pk=thrown.pk).update(discard_reason="left_care")
    ago(thuis, thrown, KEPT * 2)
    forget_what_was_thrown_away()
    assert answers_of(thuis, thrown) == ANSWERS


def test_another_draft_stays_in_its_place(
    nurse: Actor, client: Client, thrown: Anamnese, thuis: House
) -> None:
    with thuis.scope():
        other = start_anamnese(client=client, membership=nurse.membership, day=DAY)
    assert BACK not in page_of(nurse, client)
    bring_back(nurse, thrown)
    assert [draft.pk for draft in drafts(thuis)] == [other.pk]


def test_a_day_that_was_done_meanwhile_is_not_done_again(
    nurse: Actor, client: Client, thrown: Anamnese, thuis: House
) -> None:
    with thuis.scope():
        colleague = actor(Role.NURSE, thuis, thuis.north)
        anamneses.finished(client, colleague.membership, day=DAY)
    assert BACK not in page_of(nurse, client)
    assert "niet meer terug te halen" in bring_back(nurse, thrown)


def test_it_is_hers_alone(client: Client, thrown: Anamnese, thuis: House) -> None:
    with thuis.scope():
        colleague = actor(Role.NURSE, thuis, thuis.north)
    assert BACK not in page_of(colleague, client)
    address = reverse("anamnese-bring-back", args=[thrown.public_id])
    assert colleague.browser.post(address).status_code == 403
    assert drafts(thuis) == []
