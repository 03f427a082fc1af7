"""Guessing passwords: slow for who guesses, and nobody else is held up."""

from typing import Any

import pytest
import redis
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from care import throttle
from care.throttle import PER_ACCOUNT, PER_PLACE, Attempt, Limit
from tests.actors import Actor
from tests.factories import people
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "een heel ander wachtwoord"
HELD_UP = "te vaak een verkeerd wachtwoord"
EMAIL = "raden@voorbeeld.test"
HERE = Attempt(EMAIL, "127.0.0.1")


def log_in(email: str, password: str = PASSWORD, *, address: str = "127.0.0.1", **headers: str) -> Any:
    sent = {"username": email, "password": password}
    return Browser().post(reverse("login"), sent, REMOTE_ADDR=address, headers=headers)


def fail(attempt: Attempt, times: int) -> None:
    for _time in range(times):
        throttle.note_failure(attempt)


@pytest.mark.parametrize("is_known", [True, False])
def test_after_ten_wrong_passwords_it_asks_to_wait_whoever_it_is(is_known: bool) -> None:
    if is_known:
        people.user(email=EMAIL)
    for _time in range(PER_PLACE.failures):
        assert HELD_UP not in log_in(EMAIL, "fout").content.decode()
    answer = log_in(EMAIL.upper())
    assert answer.status_code == 200
    assert HELD_UP in answer.content.decode()


def test_elsewhere_the_same_person_gets_in() -> None:
    people.user(email=EMAIL)
    fail(HERE, PER_PLACE.failures)
    assert log_in(EMAIL, address="192.0.2.7").status_code == 302
    assert throttle.is_held_up(HERE), "what is known at one address says nothing of another"


def test_somebody_else_at_the_same_address_gets_in() -> None:
    fail(HERE, PER_PLACE.failures)
    assert log_in(people.user().email).status_code == 302


def test_the_right_password_begins_anew_there() -> None:
    people.user(email=EMAIL)
    fail(HERE, PER_PLACE.failures - 1)
    assert log_in(EMAIL).status_code == 302
    fail(HERE, PER_PLACE.failures - 1)
    assert not throttle.is_held_up(HERE)


def test_the_present_password_is_not_guessed_faster_behind_the_door(nurse: Actor) -> None:
    def change(old: str) -> Any:
        sent = {"old_password": old, "new_password1": NEW, "new_password2": NEW}
        return nurse.browser.post(reverse("password_change"), sent)

    for _time in range(PER_PLACE.failures):
        assert HELD_UP not in change("fout").content.decode()
    assert HELD_UP in change(PASSWORD).content.decode()
    throttle.forget(Attempt(nurse.user.email, "127.0.0.1"))
    assert change(PASSWORD).status_code == 302


def test_an_empty_password_does_not_begin_anew() -> None:
    fail(HERE, PER_PLACE.failures - 1)
    log_in(EMAIL, "")
    fail(HERE, 1)
    assert throttle.is_held_up(HERE)


def test_from_many_addresses_one_account_is_guarded_too() -> None:
    people.user(email=EMAIL)
    for number in range(PER_ACCOUNT.failures):
        throttle.note_failure(Attempt(EMAIL, f"192.0.2.{number}"))
    assert HELD_UP in log_in(EMAIL, address="198.51.100.1").content.decode()


def test_it_counts_by_the_address_that_the_proxy_saw() -> None:
    fail(Attempt(EMAIL, "192.0.2.9"), PER_PLACE.failures)
    seen = {"X-Forwarded-For": "203.0.113.5, 192.0.2.9"}
    assert HELD_UP not in log_in(EMAIL, "fout", **seen).content.decode()
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert HELD_UP in log_in(EMAIL, "fout", **seen).content.decode()


def test_redis_forgets_by_itself_and_knows_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_PLACE", Limit("place", 10, 77))
    fail(HERE, 2)
    client = throttle._client()
    keys = client.keys(f"{throttle.PREFIX}:*")
    assert sorted(client.ttl(key) for key in keys) == [77, PER_ACCOUNT.seconds]
    assert not any(b"raden" in key for key in keys)


def test_without_redis_everybody_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = redis.Redis.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(throttle, "_client", lambda: gone)
    email = people.user().email
    assert log_in(email, "fout").status_code == 200
    assert log_in(email).status_code == 302
