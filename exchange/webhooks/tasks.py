"""Background work for webhooks: told to go and look, it finds in the table what there is to send."""

import time

from django.utils import timezone

from care.tenancy.each_organisation import for_each_organisation
from config.celery import app
from exchange.webhooks import outbox

# A round stops in time for the next one to begin.
ROUND_SECONDS = 5.0


@app.task(name="exchange.webhooks.tasks.send_due_webhooks", ignore_result=True, expires=10)
def send_due_webhooks() -> None:
    """Send what is due until nothing is, or the round is over."""
    end = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < end and outbox.send_due():
        pass


@app.task(name="exchange.webhooks.tasks.forget_old_webhooks", ignore_result=True)
def forget_old_webhooks() -> None:
    """Remove messages that arrived long ago, organisation by organisation."""
    now = timezone.now()
    for_each_organisation("forget old webhooks", lambda each: outbox.forget_old(each, now=now))
