"""What a tablet sends and gets: the whole of an anamnese under an id of its own, again and again."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from care.constants import AccessAction, Role
from care.models import AccessLog, Client
from care.periods import CarePeriod
from care.services.moves import move_to_team
from profiles.engine import DKDL_2_0
from profiles.models import ClientProfile, DerivationDifference
from questionnaires.models import Anamnese, AnamneseStatus
from questionnaires.payload import payload_hash
from tests.actors import Actor, House, actor
from tests.factories import anamneses, people

DAY = date(2026, 3, 2)
Answer = Any


@pytest.fixture
def client(thuis: House) -> Client:
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom")


def payload(nurse: Actor, client: Client, /, **changed: Any) -> dict[str, Any]:
    organisation = nurse.membership.organisation
    assert organisation is not None
    fields: dict[str, Any] = {
        "id": str(uuid4()),
        "nurse": str(nurse.user.public_id),
        "organisation": str(organisation.public_id),
        "client": str(client.public_id),
        "date": DAY.isoformat(),
        "version": "2.0",
        "revision": 0,
        "answers": {"Q2": "1"},
        "corrects": None,
        "reason": "",
        "finish": False,
        "derived": None,
        "active_seconds": 61,
    } | changed
    return fields | {"hash": payload_hash(fields)}


def finishing(nurse: Actor, client: Client, code: str = "DKDL-01", /, **changed: Any) -> dict[str, Any]:
    derived = {"code": code, "ruleset_hash": DKDL_2_0.ruleset_hash}
    complete = {"answers": anamneses.answers_for(code), "finish": True, "derived": derived}
    return payload(nurse, client, **(complete | changed))


def change(sent: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    fields = {**sent, **changed}
    return fields | {"hash": payload_hash(fields)}


def put(browser: Browser, sent: Mapping[str, Any]) -> Answer:
    return browser.put(
        reverse("tablet-anamnese", args=[sent["id"]]),
        json.dumps(sent),
        content_type="application/json",
        headers={"X-Requested-With": "fetch"},
    )


def rows(thuis: House) -> list[Anamnese]:
    with thuis.scope():
        return list(Anamnese.objects.order_by("id"))


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


def test_a_stale_draft_gets_what_is_stored_and_changes_nothing(
    nurse: Actor, client: Client, thuis: House
) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    answer = put(nurse.browser, change(sent, answers={"Q2": "2"}))
    assert (answer.status_code, answer.json()["clash"]) == (409, "changed")
    assert answer.json()["stored"]["answers"] == {"Q2": "1"}
    assert rows(thuis)[0].answers == {"Q2": "1"}


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


def test_a_differing_derivation_is_told_logged_and_kept(
    nurse: Actor, client: Client, thuis: House, caplog: pytest.LogCaptureFixture
) -> None:
    other = {"code": "DKDL-09", "ruleset_hash": "0" * 64}
    sent = finishing(nurse, client, derived=other)
    with caplog.at_level(logging.ERROR, logger="profiles.arriving"):
        first = put(nurse.browser, sent).json()
    assert (first["result"]["code"], first["result"]["differs"]) == ("DKDL-01", True)
    assert put(nurse.browser, sent).json() == first
    (line,) = [record.getMessage() for record in caplog.records if record.name == "profiles.arriving"]
    assert line.startswith("tablet_derivation_differs")
    assert "DKDL" not in line
    with thuis.scope():
        assert DerivationDifference.objects.get().tablet_code == "DKDL-09"


def test_a_difference_is_told_to_who_leads_the_team_and_beside_the_profile(
    nurse: Actor, team_lead: Actor, client: Client
) -> None:
    pages = [reverse("team-overview"), reverse("difference-list")]
    assert all(
        "kwam op een ander profiel uit" not in team_lead.browser.get(page).content.decode() for page in pages
    )
    put(nurse.browser, finishing(nurse, client, derived={"code": "DKDL-09", "ruleset_hash": "0" * 64}))
    overview, listed = (team_lead.browser.get(page).content.decode() for page in pages)
    assert "Een tablet kwam op een ander profiel uit" in overview
    assert client.name in listed
    assert "DKDL 9" in listed
    (address,) = re.findall(r'href="(/profielen/[^"]+)"', listed)
    assert "De tablet kwam hier uit op DKDL 9" in nurse.browser.get(address).content.decode()


def test_differences_of_another_team_are_not_told(nurse: Actor, team_lead: Actor, thuis: House) -> None:
    with thuis.scope():
        moved = people.client(thuis.north)
    put(nurse.browser, finishing(nurse, moved, derived={"code": "DKDL-09", "ruleset_hash": "0" * 64}))
    with thuis.scope():
        move_to_team(client=moved, team_id=thuis.south.pk, day=localdate())
    assert "Geen verschillen" in team_lead.browser.get(reverse("difference-list")).content.decode()


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


def test_without_a_log_in_it_says_so_in_json(nurse: Actor, client: Client) -> None:
    answer = put(Browser(), payload(nurse, client))
    assert (answer.status_code, answer.json()["error"]) == (401, "not_logged_in")


def test_a_role_without_the_right_is_refused_in_json(team_lead: Actor, client: Client) -> None:
    answer = put(team_lead.browser, payload(team_lead, client))
    assert (answer.status_code, answer.json()["error"]) == (403, "not_permitted")


def test_clients_of_others_are_refused(
    nurse: Actor, nurse_of_another_team: Actor, nurse_elsewhere: Actor, client: Client, thuis: House
) -> None:
    other_team = put(nurse_of_another_team.browser, payload(nurse_of_another_team, client))
    elsewhere = put(nurse_elsewhere.browser, payload(nurse_elsewhere, client))
    assert (other_team.status_code, elsewhere.status_code) == (403, 404)
    assert rows(thuis) == []


class TestAClientWhoMoved:
    """Work that waited on a tablet arrives after the client went to another team."""

    @pytest.fixture
    def moved_on(self, thuis: House, client: Client) -> date:
        day = localdate() - timedelta(days=3)
        with thuis.scope():
            move_to_team(client=client, team_id=thuis.south.pk, day=day)
        return day

    def test_what_was_done_while_she_was_ours_is_taken_in(
        self, nurse: Actor, client: Client, thuis: House, moved_on: date
    ) -> None:
        sent = finishing(nurse, client, date=(moved_on - timedelta(days=1)).isoformat())
        assert [put(nurse.browser, sent).status_code for _time in range(2)] == [200, 200]
        with thuis.scope():
            assert ClientProfile.objects.get().anamnese.nurse == nurse.user

    def test_what_is_of_a_later_day_is_refused_with_what_to_do(
        self, nurse: Actor, client: Client, thuis: House, moved_on: date
    ) -> None:
        answer = put(nurse.browser, finishing(nurse, client, date=moved_on.isoformat()))
        assert answer.status_code == 403
        assert "Geef je antwoorden dan door aan een collega van dat team." in answer.json()["message"]
        assert rows(thuis) == []

    def test_a_day_ahead_opens_nothing(self, nurse: Actor, client: Client, thuis: House) -> None:
        with thuis.scope():
            move_to_team(client=client, team_id=thuis.south.pk, day=DAY)
            move_to_team(client=client, team_id=thuis.north.pk, day=localdate() + timedelta(days=9))
        ahead = (localdate() + timedelta(days=10)).isoformat()
        assert put(nurse.browser, payload(nurse, client, date=ahead)).status_code == 403

    def test_a_draft_of_hers_can_still_be_thrown_away(
        self, nurse: Actor, client: Client, thuis: House
    ) -> None:
        sent = payload(nurse, client)
        put(nurse.browser, sent)
        with thuis.scope():
            move_to_team(client=client, team_id=thuis.south.pk, day=localdate())
        assert nurse.browser.delete(reverse("tablet-anamnese", args=[sent["id"]])).status_code == 200
        assert [row.status for row in rows(thuis)] == [AnamneseStatus.DISCARDED]

    def test_the_new_teams_nurse_does_not_get_at_the_days_before(
        self, nurse: Actor, nurse_of_another_team: Actor, client: Client, thuis: House, moved_on: date
    ) -> None:
        put(nurse.browser, sent := payload(nurse, client))
        address = reverse("tablet-anamnese", args=[sent["id"]])
        assert nurse_of_another_team.browser.delete(address).status_code == 403


def test_what_a_colleague_took_over_is_refused_and_stays_on_the_tablet(
    nurse: Actor, client: Client, thuis: House
) -> None:
    put(nurse.browser, sent := payload(nurse, client))
    colleague = actor(Role.NURSE, thuis, thuis.north)
    colleague.browser.post(reverse("anamnese-take-over", args=[sent["id"]]))
    answer = put(nurse.browser, change(sent, answers={"Q2": "2"}, revision=1))
    assert (answer.status_code, answer.json()["error"]) == (403, "not_permitted")
    assert "Wat je invulde blijft op dit toestel" in answer.json()["message"]
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


def test_a_date_can_change_with_the_answers(nurse: Actor, client: Client, thuis: House) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    day = DAY - timedelta(days=1)
    moved = change(sent, date=day.isoformat(), revision=1, answers={"Q2": "2"})
    first = put(nurse.browser, moved)
    assert first.status_code == 200
    assert put(nurse.browser, moved).json() == first.json()
    assert [(row.date, row.answers) for row in rows(thuis)] == [(day, {"Q2": "2"})]


def test_a_date_ahead_is_refused_with_the_sentence(nurse: Actor, client: Client) -> None:
    ahead = (localdate() + timedelta(days=1)).isoformat()
    answer = put(nurse.browser, payload(nurse, client, date=ahead))
    assert answer.status_code == 422
    assert "toekomst" in answer.json()["message"]


def test_a_draft_is_thrown_away_once_and_does_not_come_back(
    nurse: Actor, client: Client, thuis: House
) -> None:
    sent = payload(nurse, client)
    put(nurse.browser, sent)
    address = reverse("tablet-anamnese", args=[sent["id"]])
    assert [nurse.browser.delete(address).status_code for _time in range(2)] == [200, 200]
    assert put(nurse.browser, sent).json()["clash"] == "discarded"
    assert [(row.status, row.answers) for row in rows(thuis)] == [(AnamneseStatus.DISCARDED, {})]


def test_what_is_finished_is_not_thrown_away(nurse: Actor, client: Client) -> None:
    sent = finishing(nurse, client)
    put(nurse.browser, sent)
    answer = nurse.browser.delete(reverse("tablet-anamnese", args=[sent["id"]]))
    assert (answer.status_code, answer.json()["clash"]) == (409, "finished")


def test_two_nurses_at_one_client_see_each_other(nurse: Actor, client: Client, thuis: House) -> None:
    colleague = actor(Role.NURSE, thuis, thuis.north)
    put(colleague.browser, payload(colleague, client))
    answer = put(nurse.browser, payload(nurse, client))
    assert [other["nurse"] for other in answer.json()["others"]] == [colleague.user.name]
    taken = nurse.browser.get(reverse("tablet-package")).json()
    assert [other["nurse"] for other in taken["clients"][0]["others"]] == [colleague.user.name]


def test_the_package_holds_a_nurses_own_clients(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        people.client(thuis.south, surname="Zuiderling")
        anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05")
    answer = nurse.browser.get(reverse("tablet-package"))
    (only,) = answer.json()["clients"]
    assert (only["id"], only["name"]) == (str(client.public_id), client.name)
    assert (only["last"]["code"], only["last"]["answers"]["Q8"]) == ("DKDL-05", "3")
    assert answer.json()["nurse"]["id"] == str(nurse.user.public_id)
    assert answer["Cache-Control"] == "no-store, private"
    with thuis.scope():
        logged = AccessLog.objects.get(action=AccessAction.LISTED)
        assert (logged.clients, logged.user) == ([client.pk], nurse.user)


def test_the_package_holds_the_periods_of_care(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        before = client.in_care_from - timedelta(days=400)
        CarePeriod.objects.create(
            organisation_id=client.organisation_id,
            client=client,
            period=(before, before + timedelta(days=100)),
        )
    (only,) = nurse.browser.get(reverse("tablet-package")).json()["clients"]
    assert only["in_care"] == [
        {"from": before.isoformat(), "until": (before + timedelta(days=100)).isoformat()},
        {"from": client.in_care_from.isoformat(), "until": None},
    ]


def test_the_package_holds_no_bsn(nurse: Actor, client: Client) -> None:
    assert client.bsn not in nurse.browser.get(reverse("tablet-package")).content.decode()


def test_the_package_takes_as_many_queries_for_ten_as_for_one(
    nurse: Actor, client: Client, thuis: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(client: Client) -> None:
        with thuis.scope():
            profile = anamneses.finished(client, nurse.membership, day=DAY)
            anamneses.draft(client, nurse.membership, day=DAY, corrects=profile.anamnese, reason="fout")

    fill(client)
    with CaptureQueriesContext(connection) as one:
        nurse.browser.get(reverse("tablet-package"))
    for _number in range(9):
        with thuis.scope():
            another = people.client(thuis.north)
        fill(another)
    with django_assert_num_queries(len(one.captured_queries)):
        clients = nurse.browser.get(reverse("tablet-package")).json()["clients"]
    assert [each["draft"]["corrects"] for each in clients] == [each["last"]["id"] for each in clients]


class TestKeys:
    def test_each_time_they_are_new(self, nurse: Actor) -> None:
        made = [nurse.browser.post(reverse("tablet-keys")).json() for _time in range(2)]
        assert len({secret for keys in made for secret in keys.values()}) == 6

    def test_the_password_brings_the_recovery_secret_back(self, nurse: Actor) -> None:
        made = nurse.browser.post(reverse("tablet-keys")).json()
        answer = self.recover(nurse, made["nonce"], people.PASSWORD)
        assert answer.json() == {"recovery": made["recovery"]}

    def test_a_wrong_password_does_not(self, nurse: Actor) -> None:
        made = nurse.browser.post(reverse("tablet-keys")).json()
        answer = self.recover(nurse, made["nonce"], "iets anders")
        assert (answer.status_code, answer.json()["error"]) == (403, "wrong_password")

    def test_a_colleague_gets_another_secret_for_the_same_nonce(self, nurse: Actor, thuis: House) -> None:
        made = nurse.browser.post(reverse("tablet-keys")).json()
        colleague = actor(Role.NURSE, thuis, thuis.north)
        answer = self.recover(colleague, made["nonce"], people.PASSWORD)
        assert answer.json()["recovery"] != made["recovery"]

    def recover(self, who: Actor, nonce: str, password: str) -> Answer:
        address = reverse("tablet-recovery", args=[nonce])
        return who.browser.post(address, {"password": password}, content_type="application/json")
