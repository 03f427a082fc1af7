"""What is not taken in: damaged, unreadable, of somebody else, against the rules. Nothing of it is stored."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.timezone import localdate

from care.schema.constants import Role
from care.schema.models import Client
from questionnaires.schema.dates import DateProblem
from questionnaires.tablet.refusals import TOLD, NextStep, Refusal
from tests.actors import Actor, House, actor
from tests.factories import people
from tests.profiles.tablet.sending import change, finishing, payload, put, rows, throw_away


def test_a_damaged_payload_is_not_taken_in(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client) | {"answers": {"Q2": "2"}}
    answer = put(nurse.browser, sent)
    assert (answer.status_code, answer.json()["error"]) == (400, "damaged")
    assert rows(thuis) == []


def test_a_payload_under_another_address_is_damaged(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    answer = nurse.browser.put(
        reverse("tablet-anamnese", args=[uuid4()]), json.dumps(sent), content_type="application/json"
    )
    assert (answer.status_code, rows(thuis)) == (400, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"revision": -1},
        {"revision": True},
        {"answers": []},
        {"date": "2 maart"},
        {"active_seconds": 100_000},
        {"version": "2.0\n"},
        {"finish": "ja"},
        {"reason": "x" * 501},
        {"derived": {"code": "DKDL-01", "ruleset_hash": "kort"}},
        {"nurse": 12},
    ],
)
def test_what_cannot_be_read_is_refused(
    nurse: Actor, client: Client, thuis: House, wrong: dict[str, Any]
) -> None:
    answer = put(nurse.browser, payload(nurse, client, **wrong))
    assert (answer.status_code, answer.json()["error"]) == (400, "unreadable")
    assert rows(thuis) == []


def test_work_of_another_nurse_in_the_same_browser_is_not_taken_for_ones_own(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House
) -> None:
    colleague = actor(Role.NURSE, thuis, thuis.north)
    answer = put(colleague.browser, payload(nurse, client))
    assert (answer.status_code, answer.json()["error"]) == (401, "other_user")
    assert rows(thuis) == []


def test_a_colleague_in_the_same_browser_throws_nothing_away(
    nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    answer = throw_away(nurse_of_another_team.browser, sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "other_user")
    without = nurse.browser.delete(reverse("tablet-anamnese", args=[sent["id"]]))
    assert (without.status_code, without.json()["error"]) == (400, "damaged")
    assert [row.status for row in rows(thuis)] == ["draft"]
    assert throw_away(nurse.browser, sent).status_code == 200


def test_a_log_in_without_the_right_is_asked_for_another_and_refuses_nothing(
    nurse: Actor, team_lead: Actor, client: Client, thuis: House
) -> None:
    sent = finishing(nurse, client)
    for answer in (put(team_lead.browser, sent), throw_away(team_lead.browser, sent)):
        assert (answer.status_code, answer.json()["error"]) == (401, "other_user")
    with thuis.scope():
        other = people.membership(Role.TEAM_LEAD, user=nurse.user, organisation=thuis.organisation)
    nurse.browser.post(reverse("membership-choose"), {"membership": str(other.public_id)})
    answer = put(nurse.browser, sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "other_role")
    nurse.browser.post(reverse("membership-choose"), {"membership": str(nurse.membership.public_id)})
    assert put(nurse.browser, sent).status_code == 200


def test_logging_in_from_the_tablet_brings_the_role_that_it_is_for(thuis: House) -> None:
    with thuis.scope():
        lead = people.membership(Role.TEAM_LEAD, organisation=thuis.organisation)
        people.membership(Role.NURSE, user=lead.user, organisation=thuis.organisation)
    sent = {"username": lead.user.email, "password": people.PASSWORD}
    statuses = {}
    for way in (reverse("tablet"), reverse("start")):
        browser = Browser()
        assert browser.post(f"{reverse('login')}?next={way}", sent)["Location"] == way
        statuses[way] = browser.get(reverse("tablet-package")).status_code
    assert list(statuses.values()) == [200, 401]


def test_without_a_log_in_it_says_so_in_json(nurse: Actor, client: Client) -> None:
    answer = put(Browser(), payload(nurse, client))
    assert (answer.status_code, answer.json()["error"]) == (401, "not_logged_in")


def test_a_role_without_the_right_is_refused_in_json(team_lead: Actor, client: Client) -> None:
    answer = put(team_lead.browser, payload(team_lead, client))
    assert (answer.status_code, answer.json()["error"]) == (403, "no_access")


def test_clients_of_others_are_refused(
    nurse: Actor, nurse_of_another_team: Actor, nurse_elsewhere: Actor, client: Client, thuis: House
) -> None:
    other_team = put(nurse_of_another_team.browser, payload(nurse_of_another_team, client))
    elsewhere = put(nurse_elsewhere.browser, payload(nurse_elsewhere, client))
    assert (other_team.status_code, elsewhere.status_code) == (403, 404)
    assert rows(thuis) == []


def test_what_a_colleague_took_over_is_refused_and_stays_on_the_tablet(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    colleague = actor(Role.NURSE, thuis, thuis.north)
    colleague.browser.post(reverse("anamnese-take-over", args=[sent["id"]]))
    answer = put(nurse.browser, change(sent, answers={"Q2": "2"}, revision=1))
    assert (answer.status_code, answer.json()["error"]) == (403, "not_permitted")
    assert "staat alleen op dit toestel" in answer.json()["message"]
    assert (answer.json()["reason"], answer.json()["step"]) == ("colleagues", "ask")
    (row,) = rows(thuis)
    assert (row.nurse_id, row.answers) == (colleague.user.pk, {"Q2": "1"})
    own = put(colleague.browser, payload(colleague, client, id=sent["id"], revision=row.revision))
    assert own.status_code == 200


def test_an_id_that_a_colleague_used_is_refused(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    colleague = actor(Role.NURSE, thuis, thuis.north)
    mine = payload(colleague, client, id=sent["id"])
    assert put(colleague.browser, mine).status_code == 403


def test_an_id_cannot_move_to_another_client(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    with thuis.scope():
        other = people.client(thuis.north)
    assert put(nurse.browser, change(sent, client=str(other.public_id))).status_code == 403
    assert [row.client_id for row in rows(thuis)] == [client.pk]


def test_a_correction_of_what_is_not_there_is_refused(nurse: Actor, client: Client, thuis: House) -> None:
    sent = finishing(nurse, client, corrects=str(uuid4()), reason="verkeerd getikt")
    assert put(nurse.browser, sent).status_code == 422
    assert rows(thuis) == []


def test_a_refused_finish_leaves_nothing_half(nurse: Actor, client: Client, thuis: House) -> None:
    answer = put(nurse.browser, finishing(nurse, client, answers={"Q2": "1"}))
    assert answer.status_code == 422
    assert [problem["question"] for problem in answer.json()["problems"]] == ["Q3"]
    assert rows(thuis) == []


def test_an_unknown_version_is_refused(nurse: Actor, client: Client, thuis: House) -> None:
    assert put(nurse.browser, payload(nurse, client, version="9.9")).status_code == 422
    assert rows(thuis) == []


def test_a_date_ahead_is_refused_with_the_sentence(nurse: Actor, client: Client) -> None:
    ahead = (localdate() + timedelta(days=1)).isoformat()
    answer = put(nurse.browser, payload(nurse, client, date=ahead))
    assert answer.status_code == 422
    assert "toekomst" in answer.json()["message"]


def test_every_reason_says_what_can_be_done_and_none_advises_to_misdate() -> None:
    assert set(TOLD) == set(Refusal)
    sentences = [str(told.sentence) for told in TOLD.values() if told.sentence]
    sentences += [str(problem.label) for problem in DateProblem]
    assert len(set(sentences)) == len(sentences)
    for text in sentences:
        assert "eerdere dag" not in text
        assert "latere dag" not in text
    assert {told.step for told in TOLD.values()} == set(NextStep)


def test_each_reason_is_named(nurse: Actor, nurse_of_another_team: Actor, client: Client) -> None:
    ahead = (localdate() + timedelta(days=1)).isoformat()
    theirs = nurse_of_another_team
    unknown = payload(nurse, client, client=str(uuid4()))
    expected = {
        "other_team": (theirs, payload(theirs, client), "hand_over"),
        "unknown_client": (nurse, unknown, "ask"),
        "date": (nurse, payload(nurse, client, date=ahead), "change_date"),
        "answers": (nurse, finishing(nurse, client, answers={"Q2": "1"}), "mend"),
        "shape": (nurse, payload(nurse, client, version="9.9"), "ask"),
        "unreadable": (nurse, payload(nurse, client, revision=-1), "ask"),
    }
    for reason, (sender, sent, step) in expected.items():
        body = put(sender.browser, sent).json()
        assert (body["reason"], body["step"]) == (reason, step)
        assert body["message"]
    assert {*expected, "colleagues"} == set(Refusal)
