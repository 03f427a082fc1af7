"""The last two batches of a file are worked on at once: the receiver is told once that the file is ready."""

from threading import Event, Thread

import pytest
from django.db import connection

from care.registries.domain_events import publish
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.domain_events import PersonsLeftQueue
from declarations.schema.models import Attachment
from exchange.webhooks.constants import SubscriptionState, WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from tests.actors import Actor
from tests.declarations.fictional import insured
from tests.declarations.office import Office
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and not granted")
        return bool(cursor.fetchone()[0])


def hold(item: Attachment) -> None:
    Attachment.objects.filter(pk=item.pk).update(state=AttachmentState.HELD, reason=Reason.OBJECTION)
    publish(PersonsLeftQueue(item.organisation_id, item.file_id))


def test_the_second_of_two_last_batches_tells_that_a_file_is_ready(
    office: Office, administrator: Actor
) -> None:
    with office.facts():
        WebhookSubscription.objects.create(
            organisation=office.house.organisation,
            address="https://voorbeeld.test/",
            events=[WebhookEvent.READY],
            key_id="1",
            secret="geheim",
            state=SubscriptionState.ACTIVE,
            made_by=administrator.user,
        )
    first, second = office.items(office.imported(insured(0), insured(1)))
    done = Event()

    def work_beside() -> None:
        with office.facts():
            hold(second)
        connection.close()
        done.set()

    beside = Thread(target=work_beside)
    with office.facts():
        hold(first)
        beside.start()
        wait_until(is_waiting, within=10)
        assert not WebhookDelivery.objects.exists()
    beside.join()
    assert done.is_set()
    with office.facts():
        assert WebhookDelivery.objects.get().event == WebhookEvent.READY
