"""Work that waited on a tablet arrives after the client went to another team."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from care.clients.moves import move_to_team
from care.schema.models import Client
from profiles.schema.models import ClientProfile
from questionnaires.schema.models import AnamneseStatus
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
    later = (moved_on + timedelta(days=1)).isoformat()
    answer = put(nurse.browser, finishing(nurse, client, date=later))
    assert answer.status_code == 403
    assert (answer.json()["reason"], answer.json()["step"]) == ("other_team", "hand_over")
    assert "Klopt de datum, geef je antwoorden dan door" in answer.json()["message"]
    assert rows(thuis) == []


def test_what_was_done_on_the_day_of_the_move_is_taken_in(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    assert put(nurse.browser, finishing(nurse, client, date=moved_on.isoformat())).status_code == 200
    before = (moved_on - timedelta(days=1)).isoformat()
    theirs = nurse_of_another_team
    assert put(theirs.browser, finishing(theirs, client, date=before)).status_code == 200  # theirs today
    assert sorted(row.status for row in rows(thuis)) == [AnamneseStatus.FINISHED] * 2


def hand_over(nurse: Actor, sent: dict[str, Any]) -> Any:
    """Give it to the team of the client, as a tablet does."""
    return nurse.browser.put(
        reverse("tablet-hand-over", args=[sent["id"]]), json.dumps(sent), content_type="application/json"
    )


def test_what_is_refused_is_handed_over_and_finished_by_the_other_team_without_retyping(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    later = (moved_on + timedelta(days=1)).isoformat()
    sent = finishing(nurse, client, date=later)
    for _time in range(2):
        answer = hand_over(nurse, sent)
        assert (answer.status_code, answer.json()["status"]) == (200, "handed_over")
        assert answer.json()["hash"] == sent["hash"]
    (draft,) = rows(thuis)
    assert (draft.status, draft.date.isoformat()) == (AnamneseStatus.DRAFT, later)
    browser = nurse_of_another_team.browser
    page = browser.get(reverse("client-page", args=[client.public_id])).content.decode()
    assert nurse.user.name in page
    assert browser.post(reverse("anamnese-take-over", args=[draft.public_id])).status_code == 302
    browser.post(reverse("anamnese-finish", args=[draft.public_id]), {"revision": rows(thuis)[0].revision})
    (row,) = rows(thuis)
    assert (row.status, row.nurse_id) == (AnamneseStatus.FINISHED, nurse_of_another_team.user.pk)


def test_only_a_client_who_was_once_hers_can_be_handed_over(
    nurse: Actor, nurse_of_another_team: Actor, nurse_elsewhere: Actor, client: Client, thuis: House
) -> None:
    for actor, reason in ((nurse_of_another_team, "other_team"), (nurse_elsewhere, "unknown_client")):
        answer = hand_over(actor, payload(actor, client))
        assert answer.json()["reason"] == reason
    assert hand_over(nurse_of_another_team, payload(nurse, client)).status_code == 401
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
        before = date.fromisoformat(sent["date"]) - timedelta(days=1)
        move_to_team(client=client, team_id=thuis.south.pk, day=before)
    answer = throw_away(nurse.browser, sent)
    assert (answer.status_code, "answers" in answer.content.decode()) == (403, False)


def test_the_new_teams_nurse_does_not_get_at_the_days_before(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    hers = {**sent, "nurse": str(nurse_of_another_team.user.public_id)}
    assert throw_away(nurse_of_another_team.browser, hers).status_code == 403


def test_the_servers_own_pages_say_what_becomes_of_her_draft(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
) -> None:
    before = (moved_on - timedelta(days=1)).isoformat()
    put(nurse.browser, sent := payload(nurse, client, date=before))
    page = nurse.browser.get(reverse("anamnese-fill", args=[sent["id"]]))
    assert page.status_code == 403
    assert "neemt je concept over op de pagina van de cliënt" in page.content.decode()
    theirs = nurse_of_another_team.browser.get(reverse("anamnese-fill", args=[sent["id"]]))
    assert "Een collega vult deze anamnese in" in theirs.content.decode()
