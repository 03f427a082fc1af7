"""Webhooks: set up with a wrong signature, written with what they tell of, sent, tried again, given up."""

import json
import socket
import ssl
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from time_machine import travel

from declarations import tasks_webhooks
from declarations.api.constants import (
    ATTEMPTS,
    LEASE,
    SUBSCRIPTIONS,
    DeliveryState,
    Fault,
    SubscriptionState,
    WebhookEvent,
)
from declarations.api.models import WebhookDelivery, WebhookSubscription
from declarations.api.webhooks import addresses, calling, outbox, setting_up
from declarations.constants import AttachmentState
from declarations.models import Attachment, DeclarationFile
from declarations.services import withdraw_file
from tests.actors import Actor, House
from tests.declarations.api.receiver import Receiver, certificate_for, never_ending, receiving
from tests.declarations.files import insured
from tests.declarations.office import Office
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db


def prepared(
    house: House, administrator: Actor, receiver: Receiver, *events: WebhookEvent
) -> WebhookSubscription:
    """Return a webhook whose secret the receiver knows."""
    with house.scope():
        made = setting_up.prepare(
            organisation=house.organisation,
            address=receiver.address,
            events=events or list(WebhookEvent),
            by=administrator.user,
        )
    receiver.secret = made.secret
    return made.row


def check(house: House, administrator: Actor, webhook: WebhookSubscription) -> Fault:
    with house.scope():
        return setting_up.check_and_start(webhook=webhook, by=administrator.user)


@pytest.fixture
def webhook(thuis: House, administrator: Actor, receiver: Receiver) -> WebhookSubscription:
    """Return a webhook that is on, for every event; what came in at set-up is forgotten."""
    row = prepared(thuis, administrator, receiver)
    assert check(thuis, administrator, row) == Fault.NONE
    receiver.came_in.clear()
    return row


def told(house: House) -> list[str]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id").values_list("event", flat=True))


def rows(house: House) -> list[WebhookDelivery]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id"))


# Setting up.


def test_it_calls_with_a_wrong_and_a_right_signature_and_then_starts(
    thuis: House, administrator: Actor, receiver: Receiver
) -> None:
    row = prepared(thuis, administrator, receiver)
    assert check(thuis, administrator, row) == Fault.NONE
    (wrong, _), (right, body) = receiver.came_in
    assert receiver.secret is not None
    signed = calling.signature(receiver.secret, int(right["Draagvlak-Timestamp"]), body)
    assert right["Draagvlak-Signature"] == f"v1={signed}"
    assert wrong["Draagvlak-Signature"] != right["Draagvlak-Signature"]
    assert len(wrong["Draagvlak-Signature"]) == len(right["Draagvlak-Signature"])
    assert set(wrong) == set(right)
    assert right["Draagvlak-Key"] == row.key_id
    assert json.loads(body)["event"] == "test"
    with thuis.scope():
        assert WebhookSubscription.objects.get().state == SubscriptionState.ACTIVE


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


def test_a_receiver_that_never_comes_to_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A header now and then keeps every single reading alive: the call ends when its own time is over."""
    monkeypatch.setattr(calling, "CALL_SECONDS", 0.3)
    with never_ending() as address, pytest.raises(addresses.CallFailedError) as failure:
        calling.post(addresses.target(address), {}, b"{}")
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
        assert calling.post(named, {}, b"{}") == 204
    ((headers, _body),) = receiver.came_in
    assert headers["Host"] == f"voorbeeld.test:{receiver.port}"


def fault_of(target: addresses.Target) -> Fault:
    with pytest.raises(addresses.CallFailedError) as failure:
        calling.post(target, {}, b"{}")
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
    tasks_webhooks.send_due_webhooks()
    assert receiver.came_in == []
    with office.facts():
        assert WebhookDelivery.objects.get().fault == Fault.ADDRESS_INSECURE


# What is told.


def test_it_tells_of_a_file_on_its_way(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.client(0)
    with thuis.scope():
        WebhookDelivery.objects.all().delete()
    file = office.imported(insured(0), insured(1))
    assert told(thuis) == ["declaration.imported"]
    office.attach(file)
    assert told(thuis) == ["declaration.imported", "declaration.ready"]
    office.export(file)
    assert told(thuis)[2:] == ["declaration.exported"]
    tasks_webhooks.send_due_webhooks()
    said = [json.loads(body) for _headers, body in receiver.came_in]
    assert {one["event"]: one["object"]["state"] for one in said} == {
        "declaration.imported": "imported",
        "declaration.ready": "imported",
        "declaration.exported": "exported",
    }
    assert {one["object"]["id"] for one in said} == {str(file.public_id)}
    assert {row.state for row in rows(thuis)} == {DeliveryState.DELIVERED}


def test_it_tells_of_a_file_that_was_withdrawn(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported()
    with office.facts():
        withdraw_file(file=file)
    assert told(thuis) == ["declaration.imported", "declaration.withdrawn"]


def test_it_tells_of_records_that_came_back(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    office.client(0)
    file = office.attached()
    office.export(file)
    with office.facts():
        Attachment.objects.filter(file=file).update(state=AttachmentState.REJECTED)
    assert told(thuis)[-1] == "declaration.rejected"


def test_a_file_is_ready_only_when_nobody_is_queued(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported(insured(0), insured(1))
    first, second = office.items(file)
    for item, expected in ((first, 0), (second, 1)):
        with office.facts():
            Attachment.objects.filter(pk=item.pk).update(state=AttachmentState.HELD, reason="objection")
        assert told(thuis).count("declaration.ready") == expected


def test_it_tells_of_a_profile_without_saying_which(
    webhook: WebhookSubscription, office: Office, thuis: House, receiver: Receiver
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        profile = anamneses.finished(client, office.nurse, day=timezone.localdate(), code="DKDL-07")
    assert told(thuis) == ["profile.created"]
    tasks_webhooks.send_due_webhooks()
    ((headers, body),) = receiver.came_in
    assert json.loads(body) == {
        "id": headers["Draagvlak-Delivery"],
        "event": "profile.created",
        "at": rows(thuis)[0].happened_at.isoformat(),
        "object": {
            "type": "profile",
            "id": str(profile.public_id),
            "state": "standing",
            "client": str(client.public_id),
        },
    }
    assert b"DKDL" not in body


def test_it_tells_only_what_was_asked_for(
    thuis: House, administrator: Actor, receiver: Receiver, office: Office
) -> None:
    row = prepared(thuis, administrator, receiver, WebhookEvent.EXPORTED)
    check(thuis, administrator, row)
    office.client(0)
    office.exported(office.attached())
    assert told(thuis) == ["declaration.exported"]


def test_what_is_undone_is_not_told(webhook: WebhookSubscription, office: Office, thuis: House) -> None:
    with transaction.atomic():
        office.imported()
        assert told(thuis) == ["declaration.imported"]
        transaction.set_rollback(True)
    assert told(thuis) == []


def test_what_was_not_told_yet_is_told_once(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported()
    for state in ("exported", "imported", "exported"):
        with office.facts():
            DeclarationFile.objects.filter(pk=file.pk).update(state=state)
    assert sorted(told(thuis)) == ["declaration.exported", "declaration.imported"]
    tasks_webhooks.send_due_webhooks()
    with office.facts():
        DeclarationFile.objects.filter(pk=file.pk).update(state="imported")
        DeclarationFile.objects.filter(pk=file.pk).update(state="exported")
    assert told(thuis)[2:] == ["declaration.imported", "declaration.exported"]


def test_another_organisation_is_told_nothing(
    webhook: WebhookSubscription, office_elsewhere: Office, thuis: House, elders: House
) -> None:
    office_elsewhere.imported()
    assert told(thuis) == told(elders) == []


# Sending.


def test_it_signs_every_message_anew(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.imported()
    receiver.right = 503
    start = timezone.now()
    tasks_webhooks.send_due_webhooks()
    receiver.right = 204
    with travel(start + timedelta(seconds=31), tick=False):
        tasks_webhooks.send_due_webhooks()
    (first, body), (second, same) = receiver.came_in
    assert (body, first["Draagvlak-Delivery"]) == (same, second["Draagvlak-Delivery"])
    assert int(second["Draagvlak-Timestamp"]) - int(first["Draagvlak-Timestamp"]) >= 30
    assert first["Draagvlak-Signature"] != second["Draagvlak-Signature"]
    (row,) = rows(thuis)
    assert (row.state, row.attempts, row.status_code) == (DeliveryState.DELIVERED, 2, 204)


@pytest.mark.parametrize(
    ("status", "fault"), [(500, Fault.REFUSED), (404, Fault.REFUSED), (302, Fault.REDIRECTED)]
)
def test_it_tries_again_later_each_time_and_then_gives_up(
    status: int,
    fault: Fault,
    webhook: WebhookSubscription,
    office: Office,
    receiver: Receiver,
    thuis: House,
) -> None:
    office.imported()
    receiver.right, now, pauses = status, timezone.now(), []
    for attempt in range(1, ATTEMPTS + 1):
        with travel(now, tick=False):
            tasks_webhooks.send_due_webhooks()
        (row,) = rows(thuis)
        assert (row.attempts, row.fault, row.status_code) == (attempt, fault, status)
        pauses.append((row.due_at - now).total_seconds())
        now = row.due_at
    assert row.state == DeliveryState.DEAD
    assert pauses == [30, 120, 480, 1920, 7680, 30720, 43200, 43200]
    with travel(now + timedelta(days=9), tick=False):
        tasks_webhooks.send_due_webhooks()
    assert len(receiver.came_in) == ATTEMPTS


def test_a_worker_that_dies_while_calling_loses_nothing(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House
) -> None:
    office.imported()
    start = timezone.now()
    with travel(start, tick=False):
        (claimed,) = outbox.claim(thuis.organisation.pk, at_most=9)
        assert outbox.claim(thuis.organisation.pk, at_most=9) == []
    with travel(start + LEASE, tick=False):
        tasks_webhooks.send_due_webhooks()
        outbox.settle(claimed, outbox.Outcome(500, Fault.REFUSED))  # it was not dead after all
    (row,) = rows(thuis)
    assert (row.state, row.attempts, len(receiver.came_in)) == (DeliveryState.DELIVERED, 2, 1)


def test_one_organisation_does_not_keep_the_others_waiting(
    webhook: WebhookSubscription,
    office: Office,
    office_elsewhere: Office,
    elders: House,
    administrator_elsewhere: Actor,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(outbox.AT_ONCE):
        office.imported(number=f"F{number}")
    row = prepared(elders, administrator_elsewhere, receiver)
    check(elders, administrator_elsewhere, row)
    receiver.came_in.clear()
    receiver.secret = None
    office_elsewhere.imported()
    assert outbox.send_due() == outbox.PER_ORGANISATION + 1
    assert {headers["Draagvlak-Key"] for headers, _body in receiver.came_in} == {webhook.key_id, row.key_id}


def test_a_webhook_that_is_off_is_told_nothing(
    webhook: WebhookSubscription, office: Office, receiver: Receiver, thuis: House, administrator: Actor
) -> None:
    office.imported()
    with thuis.scope():
        setting_up.stop(webhook=webhook, by=administrator.user)
    office.imported(number="F2")
    tasks_webhooks.send_due_webhooks()
    assert (told(thuis), receiver.came_in) == ([], [])


def test_messages_that_arrived_long_ago_are_removed(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    office.imported()
    tasks_webhooks.send_due_webhooks()
    with travel(timezone.now() + timedelta(days=29)):
        tasks_webhooks.forget_old_webhooks()
    assert len(rows(thuis)) == 1
    with travel(timezone.now() + timedelta(days=31)):
        tasks_webhooks.forget_old_webhooks()
    assert rows(thuis) == []


# The administrator's pages.


def page(administrator: Actor, name: str, *arguments: object) -> str:
    answer = administrator.browser.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_administrator_sets_a_webhook_up(administrator: Actor, receiver: Receiver, thuis: House) -> None:
    sent = {"address": receiver.address, "events": ["declaration.ready"]}
    made = administrator.browser.post(reverse("webhook-add"), sent).content.decode()
    with thuis.scope():
        row = WebhookSubscription.objects.get()
    assert row.secret in made
    assert row.key_id in made
    assert row.secret not in page(administrator, "webhook-page", row.public_id)
    refused = administrator.browser.post(reverse("webhook-check", args=[row.public_id]), follow=True)
    assert str(Fault.WRONG_ACCEPTED.label) in refused.content.decode()
    assert "staan niet aan" in refused.content.decode()
    receiver.secret = row.secret
    accepted = administrator.browser.post(reverse("webhook-check", args=[row.public_id]), follow=True)
    assert "De meldingen staan aan." in accepted.content.decode()
    administrator.browser.post(reverse("webhook-stop", args=[row.public_id]))
    with thuis.scope():
        row.refresh_from_db()
    assert row.state == SubscriptionState.STOPPED


@pytest.mark.parametrize(
    "sent",
    [
        {"address": "https://iemand@voorbeeld.test/", "events": ["declaration.ready"]},
        {"address": "", "events": ["declaration.ready"]},
        {"address": "http://127.0.0.1:9/", "events": []},
        {"address": "http://127.0.0.1:9/", "events": ["alles"]},
    ],
)
def test_it_refuses_a_webhook_that_makes_no_sense(
    sent: dict[str, Any], administrator: Actor, thuis: House
) -> None:
    assert administrator.browser.post(reverse("webhook-add"), sent).status_code == 200
    with thuis.scope():
        assert not WebhookSubscription.objects.exists()


def test_there_is_an_end_to_the_number_of_webhooks(
    administrator: Actor, receiver: Receiver, thuis: House
) -> None:
    for _number in range(SUBSCRIPTIONS):
        prepared(thuis, administrator, receiver)
    sent = {"address": receiver.address, "events": ["declaration.ready"]}
    assert "Zet er eerst een uit" in administrator.browser.post(reverse("webhook-add"), sent).content.decode()


def test_what_was_given_up_is_shown_and_can_be_sent_again(
    webhook: WebhookSubscription, office: Office, administrator: Actor, receiver: Receiver, thuis: House
) -> None:
    office.imported()
    with thuis.scope():
        WebhookDelivery.objects.update(state=DeliveryState.DEAD, attempts=ATTEMPTS, fault=Fault.REFUSED)
    assert "1 bericht kwam niet aan" in page(administrator, "link-list")
    assert "kwam na acht keer proberen niet aan" in page(administrator, "webhook-page", webhook.public_id)
    administrator.browser.post(reverse("webhook-retry", args=[webhook.public_id]))
    tasks_webhooks.send_due_webhooks()
    assert len(receiver.came_in) == 1
    assert rows(thuis)[0].state == DeliveryState.DELIVERED


def test_webhooks_of_another_organisation_are_not_there(
    webhook: WebhookSubscription, administrator_elsewhere: Actor
) -> None:
    browser = administrator_elsewhere.browser
    assert browser.get(reverse("webhook-page", args=[webhook.public_id])).status_code == 404
    for name in ("webhook-check", "webhook-stop", "webhook-retry"):
        assert browser.post(reverse(name, args=[webhook.public_id])).status_code == 404
    assert browser.get(reverse("webhook-page", args=[uuid4()])).status_code == 404
    assert webhook.address not in browser.get(reverse("link-list")).content.decode()
