"""A tablet sends the whole of an anamnese under an id of its own, again and again."""

from datetime import timedelta
from uuid import UUID

from care.schema.models import Client
from questionnaires.schema.models import AnamneseStatus
from tests.actors import Actor, House
from tests.profiles.dkdl import DKDL_2_0
from tests.profiles.tablet.sending import DAY, change, finishing, payload, put, rows, throw_away


def test_it_begins_a_draft_under_the_tablets_own_id(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    answer = put(nurse.browser, sent)
    (row,) = rows(thuis)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": sent["id"],
        "hash": sent["hash"],
        "status": "draft",
        "revision": 1,
        "saved_at": row.saved_at.isoformat(),
        "others": [],
        "result": None,
    }
    assert (row.public_id, row.answers, row.active_seconds) == (UUID(sent["id"]), {"Q2": "1"}, 61)


def test_the_same_draft_again_changes_nothing(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    first = put(nurse.browser, sent).json()
    assert put(nurse.browser, sent).json() == first
    assert len(rows(thuis)) == 1


def test_it_goes_on_from_the_revision_that_it_was_told(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    answer = put(nurse.browser, change(sent, revision=1, answers={"Q2": "1", "Q3": "1"}))
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert rows(thuis)[0].answers == {"Q2": "1", "Q3": "1"}


def test_finishing_gives_the_profile_and_again_the_same(nurse: Actor, client: Client, thuis: House) -> None:
    sent = finishing(nurse, client, "DKDL-05")
    first = put(nurse.browser, sent)
    assert first.status_code == 200
    assert first.json()["result"] | {"profile": ""} == {
        "profile": "",
        "code": "DKDL-05",
        "ruleset_hash": DKDL_2_0.ruleset_hash,
        "differs": False,
    }
    assert put(nurse.browser, sent).json() == first.json()
    (row,) = rows(thuis)
    assert (row.status, row.payload_hash, row.active_seconds) == (AnamneseStatus.FINISHED, sent["hash"], 61)


def test_a_date_can_change_with_the_answers(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    day = DAY - timedelta(days=1)
    moved = change(sent, date=day.isoformat(), revision=1, answers={"Q2": "2"})
    first = put(nurse.browser, moved)
    assert first.status_code == 200
    assert put(nurse.browser, moved).json() == first.json()
    assert [(row.date, row.answers) for row in rows(thuis)] == [(day, {"Q2": "2"})]


def test_a_draft_is_thrown_away_once_and_does_not_come_back(
    nurse: Actor, client: Client, thuis: House
) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    assert [throw_away(nurse.browser, sent).status_code for _time in range(2)] == [200, 200]
    assert put(nurse.browser, sent).json()["clash"] == "discarded"
    (row,) = rows(thuis)
    assert (row.status, row.answers) == (AnamneseStatus.DISCARDED, sent["answers"])
