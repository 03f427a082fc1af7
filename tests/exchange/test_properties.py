"""Whatever is sent: an answer in the agreed shape, nothing stored unless all is well, and no defect."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care.schema.models import Client
from questionnaires.schema.models import Anamnese
from tests.actors import House
from tests.exchange.caller import Caller
from tests.exchange.test_clients import anamnese, row
from tests.factories import people

pytestmark = pytest.mark.django_db

# Each example asks the same house; what one stores does not matter to the next.
often = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
text = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["", "\x00", "\ud800", "2024-02-30", "9" * 400]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
REFUSED = {400, 422}


def refused_or(done: int, answer: Any) -> bool:
    """Check the shape of an answer; return whether the call was carried out."""
    if answer.status_code == done:
        return True
    assert answer.status_code in REFUSED, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"invalid_request", "rows_refused", "unreadable"}
    return False


@often
@given(field=st.sampled_from(sorted(row("x"))), value=text | anything)
def test_a_client_of_any_shape_is_stored_or_refused(
    field: str, value: object, program: Caller, thuis: House
) -> None:
    people.insurer()
    with thuis.scope():
        before = Client.objects.count()
    good = row(people.bsn())
    done = refused_or(
        200, program.post("/clients", json.dumps({"clients": [good, row("999000019") | {field: value}]}))
    )
    with thuis.scope():
        assert Client.objects.count() > before if done else Client.objects.count() == before


@often
@given(
    question=st.sampled_from([f"Q{number}" for number in range(15)]) | text,
    value=text | st.lists(text) | anything,
)
def test_an_anamnese_of_any_answers_is_stored_or_refused(
    question: str, value: object, program: Caller, thuis: House
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
    sent = anamnese(client.bsn)
    sent["answers"][question] = value
    done = refused_or(200, program.post("/anamneses", json.dumps({"anamneses": [sent]})))
    with thuis.scope():
        assert Anamnese.objects.filter(client=client).count() == int(done)


@often
@given(body=anything.map(json.dumps) | text)
def test_a_body_of_any_kind_is_refused(body: str, program: Caller) -> None:
    sent = body.encode("utf-8", "surrogatepass")
    for path in ("/clients", "/clients/lookup", "/anamneses"):
        assert not refused_or(200, program.post(path, sent))


@often
@given(content=st.binary(max_size=700))
def test_a_file_of_any_bytes_is_refused(content: bytes, program: Caller) -> None:
    answer = program.send(content)
    assert answer.status_code in {400, 411, 422}
    assert answer.json()["code"] in {"file_refused", "unreadable", "length_required"}
