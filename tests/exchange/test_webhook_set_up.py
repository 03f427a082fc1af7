"""Webhooks are set up with a wrong signature, and go to public places only."""

import socket
import ssl
import time
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from exchange.rest.schemas_webhooks import CheckTold
from exchange.webhooks import addresses, http_client, tasks
from exchange.webhooks.constants import Fault, SignatureScheme, SubscriptionState
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from exchange.webhooks.signing import Signer, new_secret, signed_headers
from tests.actors import Actor, House
from tests.declarations.office import Office
from tests.exchange.receiver import Receiver, certificate_for, never_ending, receiving
from tests.exchange.subscribed import check, of_before, prepared, told

pytestmark = pytest.mark.django_db


# Setting up.


def test_it_calls_with_a_wrong_and_a_right_signature_and_then_starts(
    thuis: House, administrator: Actor, receiver: Receiver
) -> None:
    row = prepared(thuis, administrator, receiver)
    assert check(thuis, administrator, row) == Fault.NONE
    (wrong, _), (right, body) = receiver.came_in
    assert receiver.secret is not None
    Webhook(receiver.secret).verify(body, right)
    assert wrong["webhook-signature"] != right["webhook-signature"]
    assert len(wrong["webhook-signature"]) == len(right["webhook-signature"])
    assert set(wrong) == set(right)
    assert right["Draagvlak-Key"] == row.key_id
    assert CheckTold.model_validate_json(body).webhook == row.public_id
    with thuis.scope():
        assert WebhookSubscription.objects.get().state == SubscriptionState.ACTIVE


def test_a_webhook_of_before_keeps_its_signature(
    thuis: House, administrator: Actor, receiver: Receiver
) -> None:
    row = of_before(thuis, prepared(thuis, administrator, receiver), receiver)
    assert check(thuis, administrator, row) == Fault.NONE
    (wrong, _), (right, _) = receiver.came_in
    assert not {name for name in right if name.startswith("webhook-")}
    assert {name for name in right if name.startswith("Draagvlak-")} == {
        *("Draagvlak-Delivery", "Draagvlak-Event", "Draagvlak-Key"),
        *("Draagvlak-Signature", "Draagvlak-Timestamp"),
    }
    assert len(wrong["Draagvlak-Signature"]) == len(right["Draagvlak-Signature"])
    assert wrong["Draagvlak-Signature"] != right["Draagvlak-Signature"]


def test_who_checks_by_the_standard_refuses_what_was_changed_or_is_old() -> None:
    signer = Signer(SignatureScheme.STANDARD, "sleutel", new_secret(SignatureScheme.STANDARD))
    known, now = Webhook(signer.secret), int(time.time())
    sign = partial(signed_headers, signer, event="test", delivery="1", body=b"{}")
    known.verify(b"{}", sign(timestamp=now))
    for body, moment in ((b"[]", now), (b"{}", now - 301)):
        with pytest.raises(WebhookVerificationError):
            known.verify(body, sign(timestamp=moment))


def test_it_signs_as_the_standard_writes_it_down() -> None:
    signer = Signer(SignatureScheme.STANDARD, "sleutel", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    delivery, moment = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    headers = signed_headers(signer, event="test", delivery=delivery, timestamp=moment, body=body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (204, 200, Fault.WRONG_ACCEPTED),
        (204, 500, Fault.WRONG_ACCEPTED),
        (204, 302, Fault.REDIRECTED),
        (401, 401, Fault.RIGHT_REFUSED),
        (500, 403, Fault.RIGHT_REFUSED),
        (301, 403, Fault.RIGHT_REFUSED),
    ],
)
def test_it_does_not_start_for_a_receiver_that_answers_otherwise(
    right: int, wrong: int, fault: Fault, thuis: House, administrator: Actor, receiver: Receiver
) -> None:
    row = prepared(thuis, administrator, receiver)
    receiver.right, receiver.wrong = right, wrong
    assert check(thuis, administrator, row) == fault
    with thuis.scope():
        row.refresh_from_db()
    assert (row.state, row.fault) == (SubscriptionState.PREPARED, fault)


def test_it_does_not_start_for_a_receiver_that_checks_nothing(
    thuis: House, administrator: Actor, receiver: Receiver, office: Office
) -> None:
    row = prepared(thuis, administrator, receiver)
    receiver.secret = None
    assert check(thuis, administrator, row) == Fault.WRONG_ACCEPTED
    office.imported()
    assert told(thuis) == []


def test_it_says_that_nobody_answers(thuis: House, administrator: Actor, receiver: Receiver) -> None:
    row = prepared(thuis, administrator, receiver)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with thuis.scope():
        row.address = f"http://127.0.0.1:{port}/"
        row.save()
    assert check(thuis, administrator, row) == Fault.UNREACHABLE


def test_who_switches_it_off_during_the_check_is_obeyed(
    thuis: House, administrator: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = prepared(thuis, administrator, receiver)
    real = http_client.post

    def meanwhile(*arguments: Any) -> int:
        WebhookSubscription.objects.update(state=SubscriptionState.STOPPED)
        return real(*arguments)

    monkeypatch.setattr(http_client, "post", meanwhile)
    check(thuis, administrator, row)
    with thuis.scope():
        assert WebhookSubscription.objects.get().state == SubscriptionState.STOPPED


def test_it_is_as_far_over_when_connecting_takes_its_time(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """The time of a call begins before the connection, so that both together take no longer."""
    monkeypatch.setattr(http_client, "CALL_SECONDS", 0.05)
    real, over = socket.create_connection, Event()

    def slow(*arguments: Any, **named: Any) -> Any:
        over.wait(0.2)
        return real(*arguments, **named)

    monkeypatch.setattr(socket, "create_connection", slow)
    with pytest.raises(addresses.CallFailedError) as failure:
        http_client.post(addresses.target(receiver.address), {}, b"{}")
    assert failure.value.fault == Fault.UNREACHABLE


def test_a_name_that_nobody_answers_for_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own resolver may try for half a minute."""
    let_go = Event()

    def silent(*_arguments: object, **_kind: object) -> list[Any]:
        let_go.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    monkeypatch.setattr(addresses, "RESOLVE_SECONDS", 0.05)
    with pytest.raises(addresses.CallFailedError) as failure:
        addresses.target("https://voorbeeld.test/haak")
    assert failure.value.fault == Fault.ADDRESS_UNKNOWN
    assert not let_go.is_set()
    let_go.set()


def test_a_receiver_that_never_comes_to_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A header now and then keeps every single reading alive: the call ends when its own time is over."""
    monkeypatch.setattr(http_client, "CALL_SECONDS", 0.3)
    with never_ending() as address, pytest.raises(addresses.CallFailedError) as failure:
        http_client.post(addresses.target(address), {}, b"{}")
    assert failure.value.fault == Fault.UNREACHABLE


def test_a_certificate_must_be_for_the_name_and_of_a_known_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = certificate_for("voorbeeld.test", tmp_path)
    with receiving(tls=authority) as receiver:
        named, other = (
            addresses.Target(host, receiver.port, "/haak", True, "127.0.0.1")
            for host in ("voorbeeld.test", "anders.test")
        )
        assert fault_of(named) == Fault.CERTIFICATE
        trusting = partial(ssl.create_default_context, cafile=authority[0])
        monkeypatch.setattr(ssl, "create_default_context", trusting)
        assert fault_of(other) == Fault.CERTIFICATE
        assert http_client.post(named, {}, b"{}") == 204
    ((headers, _body),) = receiver.came_in
    assert headers["Host"] == f"voorbeeld.test:{receiver.port}"


def fault_of(target: addresses.Target) -> Fault:
    with pytest.raises(addresses.CallFailedError) as failure:
        http_client.post(target, {}, b"{}")
    return failure.value.fault


def test_a_secret_is_stored_encrypted(webhook: WebhookSubscription, receiver: Receiver, thuis: House) -> None:
    from django.db import connection

    with thuis.scope(), connection.cursor() as cursor:
        cursor.execute("select secret from declarations_webhooksubscription")
        (stored,) = cursor.fetchone()
    assert receiver.secret is not None
    assert receiver.secret.encode() not in bytes(stored)


# Where it may go.


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://voorbeeld.test/", Fault.ADDRESS_INSECURE),
        ("ftp://voorbeeld.test/", Fault.ADDRESS_SHAPE),
        ("https://", Fault.ADDRESS_SHAPE),
        ("voorbeeld.test", Fault.ADDRESS_SHAPE),
        ("https://iemand@voorbeeld.test/", Fault.ADDRESS_SHAPE),
        ("https://voorbeeld.test/#deel", Fault.ADDRESS_SHAPE),
        ("https://voorbeeld.test:99999/", Fault.ADDRESS_SHAPE),
        ("https://voorbeeld.test/\r\nX: y", Fault.ADDRESS_SHAPE),
        ("https://voorbeeld.test/" + "a" * 500, Fault.ADDRESS_SHAPE),
        ("https://[::1", Fault.ADDRESS_SHAPE),
    ],
)
def test_it_refuses_an_address_that_cannot_be_one(
    address: str, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_lead_to(monkeypatch, "93.184.215.14")
    with pytest.raises(addresses.CallFailedError) as failure:
        addresses.target(address)
    assert failure.value.fault == fault


def names_lead_to(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Let every name lead to these addresses."""

    def looked_up(_host: str, port: int, **_kind: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.1.1",
        "192.168.1.10",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.8",
        "2002:0a00:0008::1",
        "64:ff9b::a00:8",
        "::a00:8",
        "fec0::1",
    ],
)
def test_it_never_calls_into_a_private_network(
    inside: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.EMBEDDED = False
    for found in ([inside], ["93.184.215.14", inside]):
        names_lead_to(monkeypatch, *found)
        with pytest.raises(addresses.CallFailedError) as failure:
            addresses.target("https://voorbeeld.test/haak")
        assert failure.value.fault == Fault.ADDRESS_PRIVATE


def test_it_calls_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.EMBEDDED = False
    names_lead_to(monkeypatch, "93.184.215.14")
    found = addresses.target("https://voorbeeld.test/haak?a=b")
    assert found == addresses.Target("voorbeeld.test", 443, "/haak?a=b", True, "93.184.215.14")


def test_without_encryption_it_calls_this_machine_only_and_only_in_embedded_mode(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.EMBEDDED = True
    assert addresses.target("http://127.0.0.1:8099/").address == "127.0.0.1"
    names_lead_to(monkeypatch, "127.0.0.1", "10.0.0.8")
    with pytest.raises(addresses.CallFailedError):
        addresses.target("http://voorbeeld.test/")
    settings.EMBEDDED = False
    with pytest.raises(addresses.CallFailedError):
        addresses.target("http://127.0.0.1:8099/")


def test_a_name_that_leads_inside_later_is_not_called(
    webhook: WebhookSubscription,
    office: Office,
    receiver: Receiver,
    settings: Settings,
) -> None:
    office.imported()
    settings.EMBEDDED = False
    tasks.send_due_webhooks()
    assert receiver.came_in == []
    with office.facts():
        assert WebhookDelivery.objects.get().fault == Fault.ADDRESS_INSECURE
