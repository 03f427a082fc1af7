"""What clashes with what is stored changes nothing, and what is stored comes along to choose from."""

from django.urls import reverse

from care.schema.constants import Role
from care.schema.models import Client
from profiles.schema.models import ClientProfile
from questionnaires.schema.models import Anamnese, AnamneseStatus
from tests.actors import Actor, House, actor
from tests.factories import anamneses
from tests.profiles.tablet.sending import change, finishing, payload, put, rows, throw_away


def test_a_stale_draft_gets_what_is_stored_and_changes_nothing(
    nurse: Actor, client: Client, thuis: House
) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    answer = put(nurse.browser, change(sent, answers={"Q2": "2"}))
    assert (answer.status_code, answer.json()["clash"]) == (409, "changed")
    assert answer.json()["stored"]["answers"] == {"Q2": "1"}
    assert rows(thuis)[0].answers == {"Q2": "1"}


def test_another_payload_under_a_finished_id_is_a_clash(nurse: Actor, client: Client, thuis: House) -> None:
    sent = finishing(nurse, client)
    put(nurse.browser, sent)
    answer = put(nurse.browser, change(sent, answers=anamneses.answers_for("DKDL-12")))
    assert (answer.status_code, answer.json()["clash"]) == (409, "finished")
    assert answer.json()["stored"]["answers"] == rows(thuis)[0].answers
    with thuis.scope():
        assert ClientProfile.objects.get().code == "DKDL-01"


def test_a_late_draft_does_not_touch_what_is_finished(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    put(nurse.browser, change(finishing(nurse, client), id=sent["id"], revision=1))
    assert put(nurse.browser, sent).json()["clash"] == "finished"
    assert rows(thuis)[0].status == AnamneseStatus.FINISHED


def test_a_second_draft_for_a_client_clashes_with_the_first(nurse: Actor, client: Client) -> None:
    first = payload(nurse, client)
    put(nurse.browser, first)
    answer = put(nurse.browser, payload(nurse, client))
    assert (answer.status_code, answer.json()["clash"]) == (409, "other_draft")
    assert answer.json()["stored"]["id"] == first["id"]


def test_a_second_anamnese_on_one_day_clashes_with_the_first(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, finishing(nurse, client))
    colleague = actor(Role.NURSE, thuis, thuis.north)
    answer = put(colleague.browser, finishing(colleague, client, "DKDL-12"))
    assert (answer.status_code, answer.json()["clash"]) == (409, "taken")
    assert answer.json()["stored"]["answers"]["Q4"] == "1"


def test_a_correction_replaces_and_a_second_one_clashes(nurse: Actor, client: Client, thuis: House) -> None:
    first = finishing(nurse, client)
    put(nurse.browser, first)
    how = {"corrects": first["id"], "reason": "verkeerd getikt"}
    answer = put(nurse.browser, finishing(nurse, client, "DKDL-12", **how))
    assert answer.json()["result"]["code"] == "DKDL-12"
    second = put(nurse.browser, finishing(nurse, client, "DKDL-11", **how))
    assert (second.status_code, second.json()["clash"]) == (409, "corrected")
    assert [row.correction_reason for row in rows(thuis)] == ["", "verkeerd getikt"]


def test_what_is_finished_is_not_thrown_away(nurse: Actor, client: Client) -> None:
    sent = finishing(nurse, client)
    put(nurse.browser, sent)
    answer = throw_away(nurse.browser, sent)
    assert (answer.status_code, answer.json()["clash"]) == (409, "finished")


def test_a_draft_that_the_end_of_care_closed_was_not_thrown_away(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    with thuis.scope():
        closed = {"status": AnamneseStatus.DISCARDED, "discard_reason": "left_care"}
        Anamnese.objects.filter(public_id=sent["id"]).update(**closed)
    answer = put(nurse.browser, change(sent, answers={"Q2": "2"}, revision=1)).json()
    assert (answer["clash"], answer["stored"]["discard_reason"]) == ("discarded", "left_care")
    assert answer["stored"]["answers"] == {"Q2": "1"}
    assert 'data-word="clash-left_care"' in nurse.browser.get(reverse("tablet")).content.decode()
