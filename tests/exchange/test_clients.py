"""Clients and anamneses, in and out through the API."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from care.clients.target_groups import set_group
from care.schema.constants import AccessAction, Phase
from care.schema.models import AccessLog, Client, PhasePeriod
from exchange.rest.constants import ROWS_PER_CALL
from profiles.schema.models import ClientProfile
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.exchange.caller import Caller, problem
from tests.factories import anamneses, people
from tests.profiles.dkdl import scores_of

pytestmark = pytest.mark.django_db


def row(bsn: str, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "bsn": bsn,
        "initials": "A.",
        "prefix": "de",
        "surname": "Voorbeeld",
        "date_of_birth": "1941-03-14",
        "sex": "2",
        "uzovi": "9991",
        "insured_number": "0012345678",
        "team": "Noord",
        "in_care_from": "2024-01-01",
        "in_care_until": "",
    }
    return values | changes


def anamnese(bsn: str, day: str = "2024-02-01", **answers: Any) -> dict[str, Any]:
    return {"bsn": bsn, "date": day, "answers": {"Q1": "1", **(answers or anamneses.answers_for("DKDL-07"))}}


def looks(house: House) -> list[tuple[str, str, object, list[int]]]:
    with house.scope():
        rows = AccessLog.objects.order_by("id")
        return [(look.role, look.action, look.membership_id, look.clients) for look in rows]


@pytest.fixture(autouse=True)
def _insurer(db: None) -> None:
    people.insurer()


def test_it_adds_and_updates_clients(program: Caller, thuis: House) -> None:
    one, two = people.bsn(), people.bsn()
    first = program.post("/clients", {"clients": [row(one)]}).json()
    second = program.post("/clients", {"clients": [row(two), row(one, surname="Anders")]}).json()
    assert (first["added"], first["updated"]) == (1, 0)
    assert (second["added"], second["updated"]) == (1, 1)
    assert second["ids"][1] == first["ids"][0]
    with thuis.scope():
        assert Client.objects.get(public_id=first["ids"][0]).name == "A. de Anders"
    assert [look[:3] for look in looks(thuis)] == [("api", AccessAction.CHANGED, None)] * 2


def test_a_date_of_birth_that_is_corrected_moves_the_end_of_a_childs_profile(
    program: Caller, thuis: House, nurse: Actor
) -> None:
    bsn = people.bsn()
    with thuis.scope():
        client = people.client(thuis.north, bsn=bsn, date_of_birth=date(2012, 5, 4))
        profile = anamneses.finished(client, nurse.membership, day=date(2024, 2, 1), code="MKT")
    program.post("/clients", {"clients": [row(bsn, date_of_birth="2010-05-04")]})
    with thuis.scope():
        profile.refresh_from_db()
    assert profile.period.upper == date(2028, 5, 4)


def test_one_wrong_row_stores_nothing_and_every_problem_is_told(program: Caller, thuis: House) -> None:
    right, wrong = row(people.bsn()), row("123456789", team="Oost", date_of_birth="14-03-1941")
    answer = program.post("/clients", {"clients": [right, wrong, row(right["bsn"])]})
    said = problem(answer, 422, "rows_refused")
    found = {(one["line"], one["field"]) for one in said["problems"]}
    assert found == {(2, "bsn"), (2, "team"), (2, "date_of_birth"), (3, "bsn")}
    assert said["total"] == len(said["problems"])
    assert "123456789" not in answer.content.decode()
    with thuis.scope():
        assert not Client.objects.exists()


def test_it_says_where_the_shape_is_wrong_without_repeating_what_was_sent(program: Caller) -> None:
    sent = row(people.bsn(), geheim="x", surname=["Voorbeeld"])
    del sent["team"]
    answer = program.post("/clients", {"clients": [row(people.bsn()), sent]})
    said = problem(answer, 422, "invalid_request")
    found = {(one["line"], one["field"], one["message"]) for one in said["problems"]}
    assert found == {
        (2, "team", "Dit ontbreekt."),
        (2, "surname", "Hier hoort tekst te staan."),
        (2, "", "Deze naam is hier niet bekend."),
    }
    assert "geheim" not in answer.content.decode()


def test_it_refuses_too_many_rows_and_too_many_bytes(program: Caller) -> None:
    many = [row("x")] * (ROWS_PER_CALL + 1)
    problem(program.post("/clients", {"clients": many}), 422, "invalid_request")
    problem(program.post("/clients", {"clients": "x" * (1 << 20)}), 413, "too_large")
    problem(program.post("/clients", {"clients": []}), 422, "invalid_request")


@pytest.mark.parametrize("body", ["{", "[1]", "null", '"tekst"', "[" * 100_000])
def test_it_refuses_what_is_no_object(program: Caller, body: str) -> None:
    assert program.post("/clients", body).status_code in {400, 422}


def test_it_finds_a_client_by_a_number_in_the_body(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north, surname="Wilgenhof")
    answer = program.post("/clients/lookup", {"bsn": client.bsn})
    said = answer.json()
    assert (said["id"], said["surname"], said["team"]) == (str(client.public_id), "Wilgenhof", "Noord")
    assert client.bsn not in answer.content.decode()
    assert looks(thuis) == [("api", AccessAction.VIEWED, None, [client.pk])]
    problem(program.post("/clients/lookup", {"bsn": people.bsn()}), 404, "not_found")
    problem(program.post("/clients/lookup", {"bsn": "123"}), 422, "invalid_request")


@pytest.mark.parametrize("until", ["", None])
def test_whoever_is_in_care_still_has_no_last_day(program: Caller, thuis: House, until: str | None) -> None:
    """As an answer tells it (null), a call may tell it too."""
    number = people.bsn()
    program.post("/clients", {"clients": [row(number, in_care_until="2025-03-01")]})
    assert program.post("/clients", {"clients": [row(number, in_care_until=until)]}).status_code == 200
    assert program.post("/clients/lookup", {"bsn": number}).json()["in_care_until"] is None


def test_it_shows_a_client_and_logs_the_look(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north, in_care_until=date(2024, 5, 1))
    said = program.get(f"/clients/{client.public_id}").json()
    assert said["in_care_until"] == "2024-05-01"
    assert said["uzovi"] == "9991"
    assert looks(thuis) == [("api", AccessAction.VIEWED, None, [client.pk])]
    problem(program.get("/clients/999000001"), 422, "invalid_request")


def test_clients_of_another_organisation_are_not_there(
    program: Caller, program_elsewhere: Caller, thuis: House, elders: House
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    for path in ("", "/anamneses", "/profiles"):
        problem(program_elsewhere.get(f"/clients/{client.public_id}{path}"), 404, "not_found")
    problem(program_elsewhere.post("/clients/lookup", {"bsn": client.bsn}), 404, "not_found")
    said = problem(
        program_elsewhere.post("/anamneses", {"anamneses": [anamnese(client.bsn)]}), 422, "rows_refused"
    )
    assert said["problems"][0]["field"] == "bsn"
    assert looks(thuis) == looks(elders) == []


def test_it_takes_anamneses_in_and_gives_profiles_out(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    sent = {"anamneses": [anamnese(client.bsn), anamnese(client.bsn, "2024-06-01", Q2="1", Q3="3")]}
    assert program.post("/anamneses", sent).json() == {"added": 2, "skipped": 0}
    assert program.post("/anamneses", sent).json() == {"added": 0, "skipped": 2}
    with thuis.scope():
        profile = ClientProfile.objects.select_related("anamnese").earliest("date")
    latest, first = program.get(f"/clients/{client.public_id}/profiles").json()
    assert first == {
        "id": str(profile.public_id),
        "anamnese": str(profile.anamnese.public_id),
        "kind": "dkdl",
        "code": "DKDL-07",
        **scores_of(5, 0, 0),
        "scores": scores_of(5, 0, 0),
        "model": first["model"],
        "status": "standing",
        "first_day": "2024-02-01",
        "until": "2024-06-01",
    }
    assert [latest[name] for name in ("code", "until", "capacity", "scores")] == ["GEEN", None, None, None]
    assert {look[1] for look in looks(thuis)} == {AccessAction.ANSWERED, AccessAction.VIEWED_PROFILE}


def test_it_gives_answers_as_they_were_taken_in(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    answers: dict[str, Any] = {**anamneses.answers_for("DKDL-07"), "Q12": "2", "Q13": ["sonde", "injecties"]}
    sent = program.post("/anamneses", {"anamneses": [anamnese(client.bsn, **answers)]})
    assert sent.status_code == 200, sent.json()
    (said,) = program.get(f"/clients/{client.public_id}/anamneses").json()
    assert said["answers"] == {"Q1": "1", **answers}
    assert (said["date"], said["corrects"]) == ("2024-02-01", None)


def test_a_draft_stays_inside(program: Caller, thuis: House, nurse: Actor) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        anamneses.draft(client, nurse.membership, day=date(2024, 2, 1))
    assert program.get(f"/clients/{client.public_id}/anamneses").json() == []


def test_wrong_anamneses_are_told_by_row_and_question(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    rows = [
        anamnese(client.bsn),
        anamnese(client.bsn, "2024-02-30"),
        anamnese(client.bsn, "2024-03-01", Q2="1", Q3="1", Q99="1"),
        anamnese("111", "2024-03-01"),
        anamnese(client.bsn, Q2="1", Q3="3"),
        anamnese(client.bsn, "2999-03-01"),
    ]
    answer = program.post("/anamneses", {"anamneses": rows})
    said = problem(answer, 422, "rows_refused")
    found = [(one["line"], one["field"]) for one in said["problems"]]
    assert {(2, "date"), (3, "answers.Q4"), (3, "answers"), (4, "bsn"), (5, ""), (6, "date")} <= set(found)
    assert all(one["message"][0].isupper() for one in said["problems"])
    with thuis.scope():
        assert not Anamnese.objects.exists()


def test_an_anamnese_with_other_answers_is_refused(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    program.post("/anamneses", {"anamneses": [anamnese(client.bsn)]})
    other = program.post("/anamneses", {"anamneses": [anamnese(client.bsn, Q2="1", Q3="3")]})
    problem(other, 422, "rows_refused")


def test_a_name_that_was_sent_is_never_repeated(program: Caller, thuis: House) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    secret = people.bsn()
    for wrong in ({secret: "1"}, {secret: 1}, {"Q2": {secret: 1}}):
        answer = program.post("/anamneses", {"anamneses": [anamnese(client.bsn, **wrong)]})
        assert answer.status_code == 422
        assert secret not in answer.content.decode()
        assert {one["field"] for one in answer.json()["problems"]} <= {"answers", "answers.Q2", "answers.Q3"}
    answer = program.post("/clients", {"clients": [row(people.bsn()) | {secret: secret}], secret: secret})
    assert secret not in answer.content.decode()


def test_it_lists_the_clients_page_by_page_and_logs_the_look(
    program: Caller, thuis: House, elders: House
) -> None:
    with thuis.scope():
        mine = [people.client(thuis.north) for _ in range(3)]
    with elders.scope():
        other = people.client(elders.north)
    first = program.get("/clients", limit=2).json()
    rest = program.get("/clients", limit=2, after=first["next"]).json()
    found = [*first["clients"], *rest["clients"]]
    assert [one["id"] for one in found] == [str(client.public_id) for client in mine]
    assert (first["next"], rest["next"]) == (str(mine[1].public_id), None)
    assert "bsn" not in found[0]
    assert [sorted(look[3]) for look in looks(thuis)] == [[mine[0].pk, mine[1].pk], [mine[2].pk]]
    for unknown in (other.public_id, "x"):
        assert program.get("/clients", after=unknown).status_code == 422
    assert program.get("/clients", limit=501).status_code == 422


def test_a_long_list_of_clients_takes_no_more_queries(program: Caller, thuis: House) -> None:
    def asked(limit: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(program.get("/clients", limit=limit).json()["clients"]) == limit
        return len(captured)

    with thuis.scope():
        PhasePeriod.objects.update(phase=Phase.REGISTER)
        for number in range(6):
            set_group(client=people.client(thuis.north), code=f"A{number}", day=date(2024, 1, 1))
    asked(1)
    assert asked(6) == asked(2)
    assert program.get("/clients", limit=2).json()["clients"][1]["target_group"] == "A1"
