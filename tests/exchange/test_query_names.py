"""Names behind the question mark: over every address of the document, one that is not known is refused."""

from typing import Any
from uuid import uuid4

import pytest

from exchange.rest.service import described
from tests.exchange.caller import ROOT, Caller

pytestmark = pytest.mark.django_db

ADDRESSES = [
    (path, method.upper(), call)
    for path, calls in described()["paths"].items()
    for method, call in calls.items()
]


def named_in(call: dict[str, Any]) -> list[str]:
    return [each["name"] for each in call.get("parameters", []) if each["in"] == "query"]


def asked(program: Caller, path: str, method: str, query: str) -> Any:
    address = path.removeprefix(ROOT)
    for name in ("{file}", "{client}", "{job}"):
        address = address.replace(name, str(uuid4()))
    return program.ask(method, f"{address}?{query}")


@pytest.mark.parametrize(("path", "method", "call"), ADDRESSES, ids=[f"{m} {p}" for p, m, _ in ADDRESSES])
def test_a_name_that_an_address_does_not_know_is_refused(
    path: str, method: str, call: dict[str, Any], program: Caller
) -> None:
    answer = asked(program, path, method, "stat=held")
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "invalid_request"), said
    if "requestBody" not in call:
        assert [one["field"] for one in said["problems"]] == ["stat"]
        assert all(name in said["detail"] for name in named_in(call))
        assert ("geen namen" in said["detail"]) == (not named_in(call))


LISTS = [(path, method, call) for path, method, call in ADDRESSES if named_in(call)]


def test_there_are_lists_with_filters() -> None:
    assert {name for _, _, call in LISTS for name in named_in(call)} >= {"state", "reason", "after", "limit"}


@pytest.mark.parametrize(("path", "method", "call"), LISTS, ids=[p for p, _, _ in LISTS])
def test_a_name_twice_or_without_a_value_is_refused(
    path: str, method: str, call: dict[str, Any], program: Caller
) -> None:
    for name in named_in(call):
        empty = asked(program, path, method, f"{name}=")
        assert empty.status_code == 422, name
        assert [one["field"] for one in empty.json()["problems"]] == [name]
        one = "5" if name in {"after", "limit"} else "held" if name == "state" else "regular"
        twice = asked(program, path, method, f"{name}={one}&{name}={one}")
        assert twice.status_code == 422, name


def test_the_document_knows_no_names(program: Caller) -> None:
    assert program.get("/openapi.json").status_code == 200
    assert program.get("/openapi.json", format="yaml").status_code == 422


def test_a_name_that_could_be_somebodys_is_not_told_back(program: Caller) -> None:
    answer = program.get("/clients", **{"999000007": "x"})
    assert answer.status_code == 422
    assert "999000007" not in answer.content.decode()


def test_an_address_that_does_not_exist_is_not_there_whatever_is_asked(program: Caller) -> None:
    assert program.get("/nergens", stat="held").status_code == 404


def test_a_call_with_a_body_knows_no_names_either(program: Caller) -> None:
    """Behind the question mark; what is in the body has its own rules."""
    answer = program.post("/clients/lookup?stat=held", '{"bsn": "999000007"}')
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == ["stat"]
