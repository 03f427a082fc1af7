"""The keys of a tablet's vault, and getting back into it with the password of the account."""

from typing import Any

from django.urls import reverse

from care.accounts.throttle import PER_PLACE
from care.schema.constants import Role
from tests.actors import Actor, House, actor
from tests.factories import people


def recover(who: Actor, nonce: str, password: str) -> Any:
    address = reverse("tablet-recovery", args=[nonce])
    return who.browser.post(address, {"password": password}, content_type="application/json")


def test_each_time_they_are_new(nurse: Actor) -> None:
    made = [nurse.browser.post(reverse("tablet-keys")).json() for _time in range(2)]
    assert len({secret for keys in made for secret in keys.values()}) == 8


def test_the_password_brings_the_recovery_secret_back(nurse: Actor) -> None:
    made = nurse.browser.post(reverse("tablet-keys")).json()
    answer = recover(nurse, made["nonce"], people.PASSWORD)
    assert answer.json() == {"recovery": made["recovery"]}


def test_a_wrong_password_does_not(nurse: Actor) -> None:
    made = nurse.browser.post(reverse("tablet-keys")).json()
    answer = recover(nurse, made["nonce"], "iets anders")
    assert (answer.status_code, answer.json()["error"]) == (403, "wrong_password")


def test_after_ten_wrong_ones_the_right_one_has_to_wait(nurse: Actor) -> None:
    made = nurse.browser.post(reverse("tablet-keys")).json()
    for _time in range(PER_PLACE.attempts):
        assert recover(nurse, made["nonce"], "iets anders").status_code == 403
    answer = recover(nurse, made["nonce"], people.PASSWORD)
    assert (answer.status_code, answer.json()["error"]) == (429, "held_up")
    assert 'data-word="vault-held-up"' in nurse.browser.get(reverse("tablet")).content.decode()


def test_a_colleague_gets_another_secret_for_the_same_nonce(nurse: Actor, thuis: House) -> None:
    made = nurse.browser.post(reverse("tablet-keys")).json()
    colleague = actor(Role.NURSE, thuis, thuis.north)
    answer = recover(colleague, made["nonce"], people.PASSWORD)
    assert answer.json()["recovery"] != made["recovery"]
