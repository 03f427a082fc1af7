"""All models of the app, where the framework looks for them."""

from exchange.webhooks.models import WebhookDelivery, WebhookSubscription  # noqa: F401
