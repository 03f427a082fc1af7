"""Webhooks of a house, and what their table holds."""

from exchange.webhooks import setting_up
from exchange.webhooks.constants import Fault, SignatureScheme, WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from exchange.webhooks.signing import new_secret
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


def of_before(house: House, webhook: WebhookSubscription, receiver: Receiver) -> WebhookSubscription:
    """Return a webhook as one that was made before there was a scheme."""
    webhook.scheme, webhook.secret = SignatureScheme.DRAAGVLAK, new_secret(SignatureScheme.DRAAGVLAK)
    with house.scope():
        webhook.save(update_fields=["scheme", "secret"])
    receiver.secret = webhook.secret
    return webhook


def check(house: House, administrator: Actor, webhook: WebhookSubscription) -> Fault:
    with house.scope():
        return setting_up.check_and_start(webhook=webhook, by=administrator.user)


def told(house: House) -> list[str]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id").values_list("event", flat=True))


def rows(house: House) -> list[WebhookDelivery]:
    with house.scope():
        return list(WebhookDelivery.objects.order_by("id"))
