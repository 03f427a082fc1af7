"""Work that waited on a tablet arrives after the client went to another team."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from care.models import Client
from care.services.moves import move_to_team
from profiles.models import ClientProfile
from questionnaires.models import AnamneseStatus
from tests.actors import Actor, House
from tests.profiles.tablet.sending import DAY, finishing, payload, put, rows, throw_away


@pytest.fixture
def moved_on(thuis: House, client: Client) -> date:
    day = localdate() - timedelta(days=3)
    with thuis.scope():
        move_to_team(client=client, team_id=thuis.south.pk, day=day)
    return day


def test_what_was_done_while_she_was_ours_is_taken_in(
    nurse: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    sent = finishing(nurse, client, date=(moved_on - timedelta(days=1)).isoformat())
    assert [put(nurse.browser, sent).status_code for _time in range(2)] == [200, 200]
    with thuis.scope():
        assert ClientProfile.objects.get().anamnese.nurse == nurse.user


def test_what_is_of_a_later_day_is_refused_with_what_to_do(
    nurse: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    answer = put(nurse.browser, finishing(nurse, client, date=moved_on.isoformat()))
    assert answer.status_code == 403
    assert "Geef je antwoorden dan door aan een collega van dat team." in answer.json()["message"]
    assert rows(thuis) == []


def test_a_day_ahead_opens_nothing(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        move_to_team(client=client, team_id=thuis.south.pk, day=DAY)
        move_to_team(client=client, team_id=thuis.north.pk, day=localdate() + timedelta(days=9))
    ahead = (localdate() + timedelta(days=10)).isoformat()
    assert put(nurse.browser, payload(nurse, client, date=ahead)).status_code == 403


def test_a_draft_of_hers_can_still_be_thrown_away(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    with thuis.scope():
        move_to_team(client=client, team_id=thuis.south.pk, day=localdate())
    assert throw_away(nurse.browser, sent).status_code == 200
    assert [row.status for row in rows(thuis)] == [AnamneseStatus.DISCARDED]


def test_a_draft_of_a_day_after_the_move_can_still_be_thrown_away(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    with thuis.scope():
        move_to_team(client=client, team_id=thuis.south.pk, day=date.fromisoformat(sent["date"]))
    assert throw_away(nurse.browser, sent).status_code == 200
    assert [row.status for row in rows(thuis)] == [AnamneseStatus.DISCARDED]


def test_what_she_finished_is_told_only_for_a_day_that_was_hers(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := finishing(nurse, client))
    assert throw_away(nurse.browser, sent).status_code == 409
    with thuis.scope():
        move_to_team(client=client, team_id=thuis.south.pk, day=date.fromisoformat(sent["date"]))
    answer = throw_away(nurse.browser, sent)
    assert (answer.status_code, "answers" in answer.content.decode()) == (403, False)


def test_the_new_teams_nurse_does_not_get_at_the_days_before(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    hers = {**sent, "nurse": str(nurse_of_another_team.user.public_id)}
    assert throw_away(nurse_of_another_team.browser, hers).status_code == 403
