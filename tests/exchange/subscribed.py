"""Webhooks of a house, and what their table holds."""

from exchange.webhooks import setting_up
from exchange.webhooks.constants import Fault, WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from tests.actors import Actor, House
from tests.exchange.receiver import Receiver


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


def told(house: House) -> list[str]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id").values_list("event", flat=True))


def rows(house: House) -> list[WebhookDelivery]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id"))
