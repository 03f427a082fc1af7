"""What a tablet gets of instruments and models: by hash, to be kept for ever, without anything personal."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from profiles.engine import build
from profiles.schema.models import ModelVersion
from questionnaires.instruments.definition import ProblemCode
from questionnaires.instruments.definitions import shipped
from questionnaires.schema.dates import DateProblem
from tests.actors import Actor
from tests.profiles.dkdl import DKDL_2_0

pytestmark = pytest.mark.django_db


def listing(nurse: Actor) -> Any:
    return json.loads(nurse.browser.get(reverse("versions")).content)


def successor(valid_from: date) -> ModelVersion:
    rules = {**DKDL_2_0.as_rules(), "version": "2.1", "full_capacity": 9}
    model = build(rules)
    return ModelVersion.objects.create(
        key="dkdl", version="2.1", table=rules, ruleset_hash=model.ruleset_hash, valid_from=valid_from
    )


@pytest.mark.parametrize(
    ("kind", "version", "digest"),
    [("instruments", "2.0.1", shipped().definition_hash), ("models", "2.0", DKDL_2_0.ruleset_hash)],
)
def test_a_text_is_what_its_hash_says(nurse: Actor, kind: str, version: str, digest: str) -> None:
    listed = listing(nurse)[kind][-1]
    assert (listed["key"], listed["version"], listed["valid_from"]) == ("dkdl", version, None)
    response = nurse.browser.get(listed["url"])
    assert hashlib.sha256(response.content).hexdigest() == listed["hash"] == digest
    assert response["Content-Type"] == "application/json"


def test_the_model_of_later_is_listed_as_well(nurse: Actor) -> None:
    later = successor(date(2027, 1, 1))
    _now, listed = listing(nurse)["models"]
    assert (listed["version"], listed["valid_from"]) == ("2.1", "2027-01-01")
    assert listed["words"]["scores"]["capacity"]["maximum"] == 9
    assert json.loads(nurse.browser.get(listed["url"]).content) == later.table


def test_the_words_of_a_result_go_with_the_model(nurse: Actor) -> None:
    found = listing(nurse)
    words = found["models"][0]["words"]
    burden = words["scores"]["burden"]
    assert (burden["name"], burden["maximum"]) == ("Draaglast", 3)
    assert burden["effects"] == ["geen", "1 punt erbij", "2 punten erbij", "3 punten erbij"]
    assert burden["stretches"][1] == {"first": 2, "last": 3, "word": "verhoogde draaglast"}
    assert burden["rule"].endswith("Verhoogd is het vanaf 2.")
    assert words["scores"]["capacity"]["effects"][2] == "2 punten eraf"
    assert set(words["meanings"]) == {"MKT", "PTZ", "TIJDELIJK", "GEEN"}
    assert set(found["problems"]) == set(ProblemCode)
    assert "%(subject)s" in found["problems"]["missing"]


def test_what_can_be_wrong_with_a_date_is_said_as_the_server_says_it(nurse: Actor) -> None:
    assert listing(nurse)["dates"] == {problem.value: str(problem.label) for problem in DateProblem}


def test_a_text_is_kept_for_ever_and_a_list_is_asked_after(nurse: Actor) -> None:
    response = nurse.browser.get(reverse("model-text", args=[DKDL_2_0.ruleset_hash]))
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["ETag"] == f'"{DKDL_2_0.ruleset_hash}"'
    assert nurse.browser.get(reverse("versions"))["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "address", [reverse("versions"), reverse("instrument-text", args=[shipped().definition_hash])]
)
def test_what_a_tablet_has_is_not_sent_again(nurse: Actor, address: str) -> None:
    packed = {"HTTP_ACCEPT_ENCODING": "gzip"}
    first = nurse.browser.get(address, **packed)  # type: ignore[arg-type]
    again = nurse.browser.get(address, HTTP_IF_NONE_MATCH=first["ETag"], **packed)  # type: ignore[arg-type]
    assert first["Content-Encoding"] == "gzip"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("page", ["instrument-text", "model-text"])
def test_a_hash_that_nothing_has_is_not_found(nurse: Actor, page: str) -> None:
    assert nurse.browser.get(reverse(page, args=["0" * 64])).status_code == 404


def test_it_is_for_nurses(nurse: Actor, team_lead: Actor, declaration_officer: Actor) -> None:
    addresses = [
        reverse("versions"),
        reverse("instrument-text", args=[shipped().definition_hash]),
        reverse("model-text", args=[DKDL_2_0.ruleset_hash]),
    ]
    for address in addresses:
        assert nurse.browser.get(address).status_code == 200
        assert nurse.browser.post(address).status_code == 405
        assert team_lead.browser.get(address).status_code == 403
        assert declaration_officer.browser.get(address).status_code == 403
