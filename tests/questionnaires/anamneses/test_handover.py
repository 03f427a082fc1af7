"""A draft that a colleague goes on with: in the same team, and in the team to which the client moved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from care.clients.moves import move_to_team
from care.schema.constants import Role
from care.schema.models import Client
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House, actor
from tests.as_shown import as_shown
from tests.factories import anamneses, people

TODAY = localdate()


@pytest.fixture
def draft(thuis: House, nurse: Actor) -> Anamnese:
    with thuis.scope():
        client = people.client(thuis.north, surname="Overnameboom")
        return anamneses.draft(client, nurse.membership, day=TODAY - timedelta(days=1))


@pytest.fixture
def colleague(thuis: House) -> Actor:
    return actor(Role.NURSE, thuis, thuis.north)


def address(draft: Anamnese) -> str:
    return reverse("anamnese-take-over", args=[draft.public_id])


def now(house: House, draft: Anamnese) -> Anamnese:
    with house.scope():
        return Anamnese.objects.get(pk=draft.pk)


def client_page(who: Actor, client: Client) -> str:
    return as_shown(who.browser.get(reverse("client-page", args=[client.public_id])))


def test_a_colleague_reads_who_is_at_work_and_takes_it_over(
    thuis: House, nurse: Actor, colleague: Actor, draft: Anamnese
) -> None:
    page = client_page(colleague, draft.client)
    assert f"{nurse.user.name} heeft een concept" in page
    assert address(draft) in page
    assert nurse.user.name in colleague.browser.get(address(draft)).content.decode()
    answer = colleague.browser.post(address(draft))
    assert answer["Location"] == reverse("anamnese-fill", args=[draft.public_id])
    taken = now(thuis, draft)
    assert (taken.nurse, taken.answers, taken.revision) == (colleague.user, draft.answers, draft.revision + 1)
    assert taken.saved_at == draft.saved_at
    fill = reverse("anamnese-fill", args=[draft.public_id])
    assert [who.browser.get(fill).status_code for who in (colleague, nurse)] == [302, 403]


def test_the_new_team_takes_it_over_after_a_move(
    thuis: House, nurse: Actor, nurse_of_another_team: Actor, draft: Anamnese
) -> None:
    assert nurse_of_another_team.browser.post(address(draft)).status_code == 403
    with thuis.scope():
        move_to_team(client=draft.client, team_id=thuis.south.pk, day=TODAY)
    assert nurse_of_another_team.browser.post(address(draft)).status_code == 302
    assert now(thuis, draft).nurse == nurse_of_another_team.user
    assert nurse.browser.post(address(draft)).status_code == 403


def test_who_has_a_draft_already_finishes_that_first(
    thuis: House, nurse: Actor, colleague: Actor, draft: Anamnese
) -> None:
    with thuis.scope():
        anamneses.draft(draft.client, colleague.membership, day=TODAY)
    page = colleague.browser.post(address(draft), follow=True).content.decode()
    assert "Je hebt zelf al een concept van deze cliënt." in page
    assert now(thuis, draft).nurse == nurse.user


def test_what_is_finished_is_not_taken_over(
    thuis: House, nurse: Actor, colleague: Actor, draft: Anamnese
) -> None:
    with thuis.scope():
        done = anamneses.finished(draft.client, colleague.membership, day=TODAY - timedelta(days=9))
    page = nurse.browser.post(address(done.anamnese), follow=True).content.decode()
    assert "intussen afgerond of weggegooid" in page


def test_ones_own_draft_stays_as_it_is(thuis: House, nurse: Actor, draft: Anamnese) -> None:
    assert nurse.browser.post(address(draft)).status_code == 302
    assert now(thuis, draft).revision == draft.revision


def test_it_is_for_nurses(team_lead: Actor, draft: Anamnese) -> None:
    assert team_lead.browser.get(address(draft)).status_code == 403
    assert address(draft) not in client_page(team_lead, draft.client)
