"""Who moves a file, a person or a profile past its service while a receiver wants to know, is refused."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from declarations.schema.constants import AttachmentState, FileState, Handover, Reason
from declarations.schema.models import Attachment, DeclarationFile
from exchange.webhooks.constants import WebhookEvent
from exchange.webhooks.models import WebhookDelivery, WebhookSubscription
from profiles.schema.models import ClientProfile
from tests.actors import Actor, House
from tests.database import by_hand, look_at_constraints
from tests.declarations.office import Office
from tests.exchange.receiver import Receiver
from tests.exchange.subscribed import check, prepared, told
from tests.factories import anamneses, people

pytestmark = pytest.mark.django_db
Given = dict[str, Any]
HELD: Given = {"state": AttachmentState.HELD, "reason": Reason.OBJECTION}


def file_by_hand(**change: Any) -> Callable[[DeclarationFile], int]:
    return lambda file: DeclarationFile.objects.filter(pk=file.pk).update(**change)


def persons_by_hand(**change: Any) -> Callable[[DeclarationFile], int]:
    return lambda file: Attachment.objects.filter(file=file).update(**change)


def another_by_hand(file: DeclarationFile) -> None:
    copied = DeclarationFile.objects.get(pk=file.pk)
    copied.pk, copied.public_id, copied.invoice_number, copied.sha256 = None, uuid4(), "F9", "9"
    copied.save(force_insert=True)


@pytest.mark.parametrize(
    ("event", "before", "change"),
    [
        (WebhookEvent.IMPORTED, {}, another_by_hand),
        (WebhookEvent.WITHDRAWN, {}, file_by_hand(state=FileState.WITHDRAWN)),
        (WebhookEvent.EXPORTED, {}, file_by_hand(state=FileState.EXPORTED, handover=Handover.MADE)),
        (WebhookEvent.BLOCKED, {"handover": Handover.MADE}, file_by_hand(handover=Handover.BLOCKED)),
        (WebhookEvent.RELEASED, {"handover": Handover.MADE}, file_by_hand(handover=Handover.RELEASED)),
        (WebhookEvent.EXPORTED, {"handover": Handover.BLOCKED}, file_by_hand(handover=Handover.MADE)),
        (WebhookEvent.READY, {}, persons_by_hand(**HELD)),
        (WebhookEvent.REJECTED, {}, persons_by_hand(state=AttachmentState.REJECTED)),
    ],
)
def test_what_nobody_was_told_of_does_not_stand(
    event: WebhookEvent,
    before: Given,
    change: Callable[[DeclarationFile], object],
    office: Office,
    thuis: House,
    administrator: Actor,
    receiver: Receiver,
) -> None:
    file = office.imported()
    with office.facts():
        if before:
            file_by_hand(state=FileState.EXPORTED, **before)(file)
    row = prepared(thuis, administrator, receiver, event)
    check(thuis, administrator, row)
    with pytest.raises(IntegrityError, match=f"nobody was told of {event}"), office.facts():
        by_hand(lambda: change(file))
    assert told(thuis) == []


def test_a_profile_that_nobody_was_told_of_does_not_stand(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    with thuis.scope():
        client = people.client(thuis.north)
        profile = anamneses.finished(client, office.nurse, day=timezone.localdate(), code="DKDL-07")
        look_at_constraints()
        WebhookDelivery.objects.filter(object_id=profile.public_id).delete()
        ClientProfile.objects.filter(pk=profile.pk).delete()
    with pytest.raises(IntegrityError, match=r"nobody was told of profile\.created"), thuis.scope():
        by_hand(lambda: profile.save(force_insert=True))


def test_a_receiver_that_was_switched_off_meanwhile_keeps_nobody(
    webhook: WebhookSubscription, office: Office, thuis: House
) -> None:
    file = office.imported()
    with office.facts():
        persons_by_hand(**HELD)(file)
        WebhookSubscription.objects.update(state="stopped")
        look_at_constraints()
    assert told(thuis) == ["declaration.imported"]
