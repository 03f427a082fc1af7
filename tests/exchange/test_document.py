"""The OpenAPI document says what the code does, and how a care record system finds out."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import URLPattern
from pydantic import TypeAdapter

from declarations.schema.delivery_constants import JobPhase
from declarations.schema.tokens import ApiScope
from exchange.rest import schemas, schemas_clients, schemas_items, schemas_outgoing, schemas_webhooks
from exchange.rest.problems import Code
from exchange.rest.service import api, urlpatterns
from exchange.webhooks.constants import TEST_EVENT, WebhookEvent
from tests.exchange.caller import ROOT, Caller

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> Any:
    """Return the document as it is sent, without a token."""
    answer = Browser().get(f"{ROOT}/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return json.loads(answer.content)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, ways in document["paths"].items():
        for way, operation in ways.items():
            yield path, way, operation


def schemas_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from schemas_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from schemas_in(value)


def test_it_names_every_address_and_no_other(document: Any) -> None:
    """Held against the URL patterns, which are what Django answers by."""
    answered = set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        answered.add(f"{ROOT}/{route}")
    assert set(document["paths"]) == answered - {f"{ROOT}/openapi.json", f"{ROOT}/", f"{ROOT}/{{rest}}"}
    assert len(document["paths"]) == 18


def test_every_method_that_it_names_is_answered_and_no_other_is(document: Any) -> None:
    for path, ways in document["paths"].items():
        for way in METHODS:
            status = getattr(Browser(), way)(path.replace("{", "").replace("}", "")).status_code
            assert status == (401 if way in ways else 405), (way, path)


def test_every_address_names_the_scope_that_it_checks(document: Any) -> None:
    checked = {
        operation.view_func.__name__: operation.auth_callbacks[0].needed  # type: ignore[attr-defined]
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    for _path, _way, operation in operations(document):
        assert ApiScope(operation["x-required-scope"]) == checked[operation["operationId"]]
        assert operation["security"] == [{"Bearer": []}]
    assert document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


def test_every_refusal_has_the_shape_of_a_problem(document: Any) -> None:
    for path, way, operation in operations(document):
        refused = {status: one for status, one in operation["responses"].items() if int(status) >= 400}
        assert {"401", "403", "429", "500", "503"} <= set(refused), (way, path)
        assert ("404" in refused) == ("{" in path or "lookup" in path)
        for response in refused.values():
            (shape,) = response["content"].values()
            assert list(response["content"]) == ["application/problem+json"]
            assert shape["schema"]["$ref"].endswith("/ProblemOut")


def test_it_names_the_codes_and_the_headers_that_go_with_a_refusal(document: Any) -> None:
    assert document["components"]["schemas"]["ProblemOut"]["properties"]["code"]["enum"] == Code.values
    for _path, _way, operation in operations(document):
        assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
        for status in ("429", "503"):
            assert "Retry-After" in operation["responses"][status]["headers"]
    made = document["paths"]["/api/v1/declarations"]["post"]["responses"]["201"]
    assert made["headers"]["Location"]
    assert made["content"]


def test_it_says_what_a_row_must_look_like(document: Any) -> None:
    fields = document["components"]["schemas"]["ClientIn"]["properties"]
    assert fields["bsn"]["pattern"] == "^[0-9]{9}$"
    assert fields["sex"]["enum"] == ["0", "1", "2", "9"]
    assert fields["uzovi"]["pattern"] == "^[0-9]{4}$"
    assert fields["date_of_birth"]["format"] == "date"


def test_it_describes_every_message_of_a_webhook(document: Any) -> None:
    assert set(document["webhooks"]) == {*WebhookEvent.values, TEST_EVENT}
    shapes = document["components"]["schemas"]
    for shape in (schemas_webhooks.MessageTold, schemas_webhooks.CheckTold):
        shape.model_validate_json(json.dumps(shapes[shape.__name__]["example"]))


def test_every_step_of_long_work_is_one_of_the_description(document: Any) -> None:
    shape = document["components"]["schemas"]["ExportJobOut"]
    for value in ("", *JobPhase.values):
        schemas_outgoing.ExportJobOut(**shape["example"] | {"phase": value})
        assert value in shape["properties"]["phase"]["description"]


def test_every_reference_leads_somewhere(document: Any) -> None:
    found = set(schemas_in(document))
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def test_everything_that_goes_in_or_out_has_an_example_that_fits(document: Any) -> None:
    used = {
        reference.rsplit("/", 1)[1]
        for _path, _way, operation in operations(document)
        for part in (operation["responses"], operation.get("requestBody", {}))
        for reference in schemas_in(part)
    }
    assert {"ClientsIn", "FileOut", "ProblemOut"} <= used
    for name in used:
        example = document["components"]["schemas"][name]["example"]
        homes = (schemas, schemas_clients, schemas_items, schemas_outgoing)
        shape = next(getattr(home, name) for home in homes if hasattr(home, name))
        TypeAdapter(shape).validate_json(json.dumps(example))


def test_every_operation_is_explained(document: Any) -> None:
    for _path, _way, operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]


@pytest.mark.django_db
def test_the_codes_that_it_gives_are_those_of_the_documentation(program: Caller) -> None:
    from config import environment

    text = (environment.ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)` \| \d{3} \|", text, flags=re.MULTILINE)) == set(Code.values)


def test_nothing_that_goes_out_is_called_after_a_number_or_an_amount(document: Any) -> None:
    out = {name: shape for name, shape in document["components"]["schemas"].items() if name.endswith("Out")}
    names = {field for shape in out.values() for field in shape.get("properties", {})}
    assert "bsn" not in names
    assert not {name for name in names if re.search("amount|tariff|price|bedrag|total_", name)}
