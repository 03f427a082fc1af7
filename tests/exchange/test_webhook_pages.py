"""The administrator's pages for webhooks."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from care.tenancy import scope
from exchange.webhooks import http_client, tasks
from exchange.webhooks.constants import (
    ATTEMPTS,
    SUBSCRIPTIONS,
    DeliveryState,
    Fault,
    SignatureScheme,
    SubscriptionState,
)
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from tests.actors import Actor, House
from tests.as_shown import as_shown
from tests.declarations.office import Office
from tests.exchange.receiver import Receiver
from tests.exchange.subscribed import of_before, prepared, rows

pytestmark = pytest.mark.django_db


def page(administrator: Actor, name: str, *arguments: object) -> str:
    answer = administrator.browser.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return as_shown(answer)


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


def test_one_of_before_goes_over_to_the_standard_without_a_gap(
    administrator: Actor, receiver: Receiver, thuis: House
) -> None:
    row = of_before(thuis, prepared(thuis, administrator, receiver), receiver)
    assert "eigen handtekening van Draagvlak" in page(administrator, "webhook-page", row.public_id)
    assert "Overstappen op Standard Webhooks" in page(administrator, "webhook-page", row.public_id)
    made = administrator.browser.post(reverse("webhook-renew", args=[row.public_id])).content.decode()
    with thuis.scope():
        new = WebhookSubscription.objects.exclude(pk=row.pk).get()
        row.refresh_from_db()
    assert new.secret in made
    assert (new.scheme, new.address, new.events) == (SignatureScheme.STANDARD, row.address, row.events)
    assert new.secret.startswith("whsec_")
    assert row.scheme == SignatureScheme.DRAAGVLAK
    assert "Een ander geheim" in page(administrator, "webhook-page", new.public_id)


def test_there_is_no_successor_where_there_are_too_many(
    administrator: Actor, receiver: Receiver, thuis: House
) -> None:
    rows_there = [prepared(thuis, administrator, receiver) for _number in range(SUBSCRIPTIONS)]
    address = reverse("webhook-renew", args=[rows_there[0].public_id])
    assert "Zet er eerst een uit" in administrator.browser.post(address, follow=True).content.decode()


def test_nothing_is_held_while_a_receiver_takes_its_time(
    administrator: Actor, receiver: Receiver, thuis: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receiver that hangs would otherwise hold a transaction, and a connection of the pool, for as long."""
    row = prepared(thuis, administrator, receiver)
    held, real = [], http_client.post

    def watched(*arguments: Any) -> int:
        held.append((scope.current(), len(connection.savepoint_ids)))
        return real(*arguments)

    monkeypatch.setattr(http_client, "post", watched)
    outside = len(connection.savepoint_ids)
    answer = administrator.browser.post(reverse("webhook-check", args=[row.public_id]))
    assert held == [(scope.NOBODY, outside)] * 2
    assert answer["Cache-Control"] == "no-store, private"
    with thuis.scope():
        assert WebhookSubscription.objects.get().state == SubscriptionState.ACTIVE


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
    tasks.send_due_webhooks()
    assert len(receiver.came_in) == 1
    assert rows(thuis)[0].state == DeliveryState.DELIVERED


def test_nothing_goes_out_anew_while_it_is_off(
    webhook: WebhookSubscription, office: Office, administrator: Actor, thuis: House
) -> None:
    office.imported()
    with thuis.scope():
        WebhookDelivery.objects.update(state=DeliveryState.DEAD, attempts=ATTEMPTS, fault=Fault.REFUSED)
        WebhookSubscription.objects.update(state=SubscriptionState.STOPPED)
    answer = administrator.browser.post(reverse("webhook-retry", args=[webhook.public_id]), follow=True)
    assert "er gaat niets op weg" in answer.content.decode()
    assert rows(thuis)[0].state == DeliveryState.DEAD


def test_webhooks_of_another_organisation_are_not_there(
    webhook: WebhookSubscription, administrator_elsewhere: Actor
) -> None:
    browser = administrator_elsewhere.browser
    assert browser.get(reverse("webhook-page", args=[webhook.public_id])).status_code == 404
    for name in ("webhook-check", "webhook-stop", "webhook-retry", "webhook-renew"):
        assert browser.post(reverse(name, args=[webhook.public_id])).status_code == 404
    assert browser.get(reverse("webhook-page", args=[uuid4()])).status_code == 404
    assert webhook.address not in browser.get(reverse("link-list")).content.decode()
