"""Who gets in: tokens, their scopes, their end, and what is left of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from declarations.schema.tokens import ApiScope, ApiToken, TokenState
from exchange.rest import tokens
from exchange.rest.constants import CALLS_PER_MINUTE
from tests.actors import Actor, House
from tests.exchange.caller import ROOT, Caller, caller, problem
from tests.factories import people
from tests.leaks import watched

pytestmark = pytest.mark.django_db

# Every address with what it needs; a token with all the other scopes must be refused.
MISSING = "00000000-0000-4000-8000-000000000000"
NEEDS = [
    ("post", "/clients", ApiScope.CLIENTS_WRITE),
    ("post", "/clients/lookup", ApiScope.CLIENTS_READ),
    ("get", f"/clients/{MISSING}", ApiScope.CLIENTS_READ),
    ("get", f"/clients/{MISSING}/anamneses", ApiScope.ANAMNESES_READ),
    ("get", f"/clients/{MISSING}/profiles", ApiScope.ANAMNESES_READ),
    ("post", "/anamneses", ApiScope.ANAMNESES_WRITE),
    ("post", "/declarations", ApiScope.DECLARATIONS_WRITE),
    ("get", f"/declarations/{MISSING}", ApiScope.DECLARATIONS_READ),
    ("get", f"/declarations/{MISSING}/items", ApiScope.DECLARATIONS_READ),
    ("post", f"/declarations/{MISSING}/export", ApiScope.DECLARATIONS_WRITE),
    ("get", f"/declarations/{MISSING}/export", ApiScope.DECLARATIONS_READ),
    ("get", f"/declarations/{MISSING}/manifest", ApiScope.DECLARATIONS_READ),
    ("get", f"/declarations/{MISSING}/numbers", ApiScope.DECLARATIONS_READ),
    ("post", f"/declarations/{MISSING}/delivery", ApiScope.DECLARATIONS_WRITE),
    ("post", f"/declarations/{MISSING}/reply", ApiScope.DECLARATIONS_WRITE),
    ("post", "/replies", ApiScope.DECLARATIONS_WRITE),
    ("get", f"/declarations/{MISSING}/result", ApiScope.DECLARATIONS_READ),
]
every_address = pytest.mark.parametrize(("way", "path", "scope"), NEEDS)


@every_address
def test_it_refuses_a_token_without_the_scope(
    way: str, path: str, scope: ApiScope, thuis: House, administrator: Actor
) -> None:
    others = caller(thuis, administrator, *(set(ApiScope) - {scope}))
    answer = getattr(others, way)(path)
    assert scope in problem(answer, 403, "missing_scope")["detail"]
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]


@every_address
def test_it_refuses_whoever_has_no_token(way: str, path: str, scope: ApiScope, administrator: Actor) -> None:
    for browser in (Browser(), administrator.browser):
        answer = getattr(browser, way)(ROOT + path)
        problem(answer, 401, "invalid_token")
        assert answer["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer dv_onzin", "Basic abc", "dv_onzin", "Bearer é"]
)
def test_it_refuses_what_is_no_token(header: str, program: Caller) -> None:
    answer = Browser().get(f"{ROOT}/declarations/{uuid4()}", headers={"Authorization": header})
    problem(answer, 401, "invalid_token")


def test_it_refuses_a_revoked_token(program: Caller, thuis: House, administrator: Actor) -> None:
    path = f"/declarations/{uuid4()}"
    assert program.get(path).status_code == 404
    with thuis.scope():
        tokens.revoke_token(token=program.token, by=administrator.user)
    problem(program.get(path), 401, "invalid_token")


def test_it_refuses_a_token_that_has_run_out(thuis: House, administrator: Actor) -> None:
    end = timezone.now() + timedelta(days=1)
    program = caller(thuis, administrator, ApiScope.DECLARATIONS_READ, expires_at=end)
    path = f"/declarations/{uuid4()}"
    with travel(end - timedelta(seconds=1), tick=False):
        assert program.get(path).status_code == 404
    with travel(end, tick=False):
        problem(program.get(path), 401, "invalid_token")


def test_it_stores_no_more_than_a_hash_and_the_beginning(program: Caller, thuis: House) -> None:
    with connection.cursor() as cursor, thuis.scope():
        cursor.execute("select t::text from declarations_apitoken t")
        (stored,) = cursor.fetchone()
    assert program.text.removeprefix(program.token.prefix) not in stored
    assert len(program.text) >= 46
    assert program.text.startswith(program.token.prefix)


def test_it_notes_when_a_token_was_used(program: Caller, thuis: House) -> None:
    moment = timezone.now().replace(microsecond=0)
    with travel(moment, tick=False):
        program.get(f"/declarations/{uuid4()}")
    with thuis.scope():
        assert ApiToken.objects.get().last_used_at == moment


def test_it_limits_the_calls_of_a_minute(program: Caller, thuis: House) -> None:
    path, moment = f"/declarations/{uuid4()}", timezone.now()
    with thuis.scope():
        ApiToken.objects.update(window_start=moment, window_calls=CALLS_PER_MINUTE - 1)
    with travel(moment + timedelta(seconds=10), tick=False):
        assert program.get(path).status_code == 404
        answer = program.get(path)
        problem(answer, 429, "too_many_calls")
        assert int(answer["Retry-After"]) in range(50, 52)
    with travel(moment + timedelta(seconds=61), tick=False):
        assert program.get(path).status_code == 404


def test_what_a_token_may_do_never_changes(program: Caller, thuis: House) -> None:
    with pytest.raises(IntegrityError, match="do not change"), thuis.scope():
        ApiToken.objects.update(scopes=[ApiScope.CLIENTS_READ])


@pytest.mark.parametrize("scopes", [[], ["alles"], ["clients:read", "alles"]])
def test_a_token_without_scopes_or_with_unknown_ones_cannot_be_stored(
    scopes: list[str], thuis: House, administrator: Actor
) -> None:
    with pytest.raises(IntegrityError, match="token_scopes_are_known"), thuis.scope():
        ApiToken.objects.create(
            organisation=thuis.organisation,
            name="x",
            prefix="dv_",
            token_hash=bytes(32),
            scopes=scopes,
            made_by=administrator.user,
        )


def test_an_address_that_does_not_exist_says_so_in_json(program: Caller) -> None:
    for path in ("/iets/anders", "/"):
        problem(program.get(path), 404, "not_found")
        problem(Browser().get(ROOT + path), 401, "invalid_token")


def test_a_way_that_an_address_does_not_have_is_refused_in_json(program: Caller) -> None:
    answer = program.get("/anamneses")
    problem(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "POST"
    strict = Browser(enforce_csrf_checks=True).post(f"{ROOT}/openapi.json")
    problem(strict, 405, "method_not_allowed")
    assert strict["Allow"] == "GET"


def test_no_token_or_number_is_left_in_logs_and_addresses(program: Caller) -> None:
    bsn = people.bsn()
    with watched() as traces:
        program.post("/clients/lookup", {"bsn": bsn})
        program.post("/clients", {"clients": [{"bsn": bsn}], bsn: bsn})
        program.send(bsn.encode())
        Browser().get(f"{ROOT}/clients/{uuid4()}", headers={"Authorization": f"Token {program.text}"})
    assert traces.addresses
    traces.hold_none_of(bsn, program.text)


def test_a_defect_tells_nothing_and_changes_nothing(
    program: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object, **_names: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("exchange.rest.queries.client_for", broken)
    said = problem(program.get(f"/clients/{uuid4()}"), 500, "failed")
    assert "Runtime" not in said["detail"]
    assert "api_call_failed fault=RuntimeError" in caplog.text


# The administrator's pages.


def make(administrator: Actor, **changes: Any) -> Any:
    sent = {"name": "Ons dossier", "scopes": ["clients:read"], "last_day": ""} | changes
    return administrator.browser.post(reverse("token-add"), sent)


def test_an_administrator_makes_a_token_and_sees_it_once(administrator: Actor, thuis: House) -> None:
    page = make(administrator).content.decode()
    with thuis.scope():
        row = ApiToken.objects.get()
    start = page.index(row.prefix)
    text = page[start:].split('"')[0]
    assert Caller(row, text).get(f"/clients/{uuid4()}").status_code == 404
    listed = administrator.browser.get(reverse("link-list")).content.decode()
    assert row.prefix in listed
    assert text not in listed
    assert administrator.user.name in listed


def test_a_token_can_get_a_last_day(administrator: Actor, thuis: House) -> None:
    day = timezone.localdate() + timedelta(days=3)
    make(administrator, last_day=day.isoformat())
    with thuis.scope():
        expires_at = ApiToken.objects.get().expires_at
    assert expires_at is not None
    assert timezone.localtime(expires_at).date() == day + timedelta(days=1)


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"scopes": []}, {"scopes": ["alles"]}, {"last_day": "2020-01-01"}]
)
def test_it_refuses_a_token_that_makes_no_sense(
    administrator: Actor, thuis: House, changes: dict[str, object]
) -> None:
    assert make(administrator, **changes).status_code == 200
    with thuis.scope():
        assert not ApiToken.objects.exists()


def test_an_administrator_revokes_a_token_after_being_asked(
    administrator: Actor, program: Caller, thuis: House
) -> None:
    address = reverse("token-revoke", args=[program.token.public_id])
    assert program.token.name in administrator.browser.get(address).content.decode()
    assert administrator.browser.post(address).status_code == 302
    with thuis.scope():
        row = ApiToken.objects.get()
    assert (row.state, row.revoked_by) == (TokenState.REVOKED, administrator.user)


def test_an_administrator_elsewhere_cannot_touch_it(administrator_elsewhere: Actor, program: Caller) -> None:
    address = reverse("token-revoke", args=[program.token.public_id])
    assert administrator_elsewhere.browser.post(address).status_code == 404
    assert (
        program.token.prefix not in administrator_elsewhere.browser.get(reverse("link-list")).content.decode()
    )
