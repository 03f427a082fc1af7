"""Guessing passwords: slow for who guesses, and nobody else is held up."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from care.accounts import counters, throttle
from care.accounts.throttle import COOKIE, PER_ACCOUNT, PER_ADDRESS, PER_DEVICE, PER_PLACE, Attempt
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
        throttle.begin(attempt)


@pytest.mark.parametrize("is_known", [True, False])
def test_after_ten_wrong_passwords_it_asks_to_wait_whoever_it_is(is_known: bool) -> None:
    if is_known:
        people.user(email=EMAIL)
    for _time in range(PER_PLACE.attempts):
        assert HELD_UP not in log_in(EMAIL, "fout").content.decode()
    answer = log_in(EMAIL.upper())
    assert answer.status_code == 200
    assert HELD_UP in answer.content.decode()


def test_of_forty_guesses_at_once_ten_are_looked_at() -> None:
    with ThreadPoolExecutor(20) as pool:
        let_through = list(pool.map(lambda _time: throttle.begin(HERE), range(40)))
    assert sum(let_through) == PER_PLACE.attempts


def test_somebody_else_at_the_same_address_gets_in() -> None:
    fail(HERE, PER_PLACE.attempts)
    assert log_in(people.user().email).status_code == 302


def test_the_right_password_begins_anew_there() -> None:
    people.user(email=EMAIL)
    fail(HERE, PER_PLACE.attempts - 1)
    assert log_in(EMAIL).status_code == 302
    assert all(throttle.begin(Attempt(EMAIL, "127.0.0.1", device="toestel")) for _time in range(5))


def test_logging_in_is_no_guess(nurse: Actor) -> None:
    for _time in range(PER_ACCOUNT.attempts + 5):
        assert log_in(nurse.user.email).status_code == 302


def test_one_password_on_many_accounts_is_slowed_at_that_address() -> None:
    user = people.user()
    for number in range(PER_ADDRESS.attempts):
        throttle.begin(Attempt(f"iemand-{number}@voorbeeld.test", "203.0.113.9"))
    assert HELD_UP in log_in(user.email, address="203.0.113.9").content.decode()
    assert log_in(user.email, address="203.0.113.10").status_code == 302


def at_her_device(email: str) -> Browser:
    browser = Browser()
    browser.post(reverse("login"), {"username": email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.50")
    browser.post(reverse("logout"))
    return browser


def test_strangers_lock_nobody_out_of_a_device_of_her_own() -> None:
    user = people.user(email=EMAIL)
    device = at_her_device(user.email)
    for number in range(3 * PER_ACCOUNT.attempts):
        throttle.begin(Attempt(EMAIL, f"198.51.100.{number}"))
    assert HELD_UP in log_in(EMAIL, address="192.0.2.51").content.decode(), "a device nobody knows waits"
    sent = {"username": EMAIL, "password": PASSWORD}
    assert device.post(reverse("login"), sent, REMOTE_ADDR="192.0.2.50").status_code == 302


def test_who_sprays_from_an_office_locks_out_no_device_of_it() -> None:
    device = at_her_device(people.user(email=EMAIL).email)
    for number in range(2 * PER_ADDRESS.attempts):
        throttle.begin(Attempt(f"iemand-{number}@voorbeeld.test", "192.0.2.50"))
    sent = {"username": EMAIL, "password": PASSWORD}
    assert device.post(reverse("login"), sent, REMOTE_ADDR="192.0.2.50").status_code == 302


def test_at_a_known_device_guessing_is_slow_too() -> None:
    device = at_her_device(people.user(email=EMAIL).email)
    for _time in range(PER_DEVICE.attempts):
        device.post(reverse("login"), {"username": EMAIL, "password": "fout"})
    answer = device.post(reverse("login"), {"username": EMAIL, "password": PASSWORD})
    assert HELD_UP in answer.content.decode()


def test_a_cookie_that_was_taken_along_is_one_device_from_wherever() -> None:
    device = at_her_device(people.user(email=EMAIL).email)
    for number in range(PER_DEVICE.attempts):
        address = f"198.51.100.{number}"
        device.post(reverse("login"), {"username": EMAIL, "password": "fout"}, REMOTE_ADDR=address)
    sent = {"username": EMAIL, "password": PASSWORD}
    answer = device.post(reverse("login"), sent, REMOTE_ADDR="198.51.100.99")
    assert HELD_UP in answer.content.decode()
    # Her other device is not held up by that.
    stranger_before = Browser()
    assert stranger_before.post(reverse("login"), sent, REMOTE_ADDR="192.0.2.1").status_code == 302


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::6]:443", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_a_sender_does_not_become_another_by_another_port_or_address_of_its_network(
    address: str, place: str
) -> None:
    assert throttle.place_of(address) == place


def test_a_device_is_known_for_its_own_accounts_and_cannot_be_made_up() -> None:
    device = at_her_device(people.user(email=EMAIL).email)
    cookie = device.cookies[COOKIE]
    assert cookie["httponly"]
    assert "raden" not in cookie.value
    fail(Attempt("ander@voorbeeld.test", "127.0.0.1"), PER_ACCOUNT.attempts)
    answer = device.post(reverse("login"), {"username": "ander@voorbeeld.test", "password": "fout"})
    assert HELD_UP in answer.content.decode()
    fail(HERE, PER_ACCOUNT.attempts)
    stranger = Browser()
    stranger.cookies[COOKIE] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    answer = stranger.post(reverse("login"), {"username": EMAIL, "password": PASSWORD})
    assert HELD_UP in answer.content.decode()


def test_the_present_password_is_not_guessed_faster_behind_the_door(nurse: Actor) -> None:
    def change(old: str) -> Any:
        sent = {"old_password": old, "new_password1": NEW, "new_password2": NEW}
        return nurse.browser.post(reverse("password_change"), sent)

    for _time in range(PER_PLACE.attempts):
        assert HELD_UP not in change("fout").content.decode()
    assert HELD_UP in change(PASSWORD).content.decode()


def test_an_empty_password_does_not_begin_anew() -> None:
    fail(HERE, PER_PLACE.attempts)
    log_in(EMAIL, "")
    assert not throttle.begin(HERE)


def test_from_many_addresses_one_account_is_guarded_too() -> None:
    people.user(email=EMAIL)
    for number in range(PER_ACCOUNT.attempts):
        throttle.begin(Attempt(EMAIL, f"192.0.2.{number}"))
    assert HELD_UP in log_in(EMAIL, address="198.51.100.1").content.decode()


def test_it_counts_by_the_address_that_the_proxy_saw() -> None:
    for number in range(PER_ADDRESS.attempts):
        throttle.begin(Attempt(f"iemand-{number}@voorbeeld.test", "192.0.2.9"))
    seen = {"X-Forwarded-For": "203.0.113.5, 192.0.2.9"}
    assert HELD_UP not in log_in(EMAIL, "fout", **seen).content.decode()
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert HELD_UP in log_in(EMAIL, "fout", **seen).content.decode()


def test_redis_forgets_by_itself_and_knows_no_address() -> None:
    fail(HERE, 2)
    client = counters._client()
    keys = client.keys(f"{throttle.PREFIX}:*")
    limits = (PER_PLACE, PER_ACCOUNT, PER_ADDRESS)
    assert sorted(client.ttl(key) for key in keys) == sorted(limit.seconds for limit in limits)
    assert not any(b"raden" in key for key in keys)


def test_without_redis_each_process_counts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = redis.Redis.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(counters, "_client", lambda: gone)
    email = people.user().email
    assert log_in(email, "fout").status_code == 200
    assert log_in(email).status_code == 302
    fail(HERE, PER_PLACE.attempts)
    assert not throttle.begin(HERE)


def test_what_a_process_counts_by_itself_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "ROOM", 50)
    monkeypatch.setattr(counters, "_own", {})
    for number in range(200):
        counters._raise_own(f"key-{number}", 60 + number)
    assert len(counters._own) == 50
    assert "key-199" in counters._own
