"""From what happens in lower apps to messages that wait: written in the transaction of what they tell.

An untold message stands for everything until it is sent, as the receiver looks the present state up. Who
tells the same once more holds its row, so that nobody sends it before that can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from care.registries import domain_events
from care.schema.models import Client
from care.tenancy import locks
from declarations.schema.constants import AttachmentState, FileState, Handover
from declarations.schema.domain_events import FileMoved, PersonsLeftQueue, RecordsRejected
from declarations.schema.models import Attachment, DeclarationFile
from exchange.webhooks.constants import WebhookEvent
from profiles.schema.domain_events import ProfilesPlaced

_OF_STATE: Final = {
    FileState.IMPORTED: WebhookEvent.IMPORTED,
    FileState.EXPORTED: WebhookEvent.EXPORTED,
    FileState.WITHDRAWN: WebhookEvent.WITHDRAWN,
}
_OF_HANDOVER: Final = {Handover.BLOCKED: WebhookEvent.BLOCKED, Handover.RELEASED: WebhookEvent.RELEASED}
_TELL: Final = """
    INSERT INTO declarations_webhookdelivery (
        public_id, organisation_id, subscription_id, event, object_id, client_id_told, object_state,
        happened_at, state, attempts, due_at, fault
    )
    SELECT gen_random_uuid(), %(organisation)s, whom.id, %(event)s, told.object, told.client, told.state,
        now(), 'waiting', 0, now(), ''
    FROM declarations_webhooksubscription whom
    CROSS JOIN unnest(%(objects)s::uuid[], %(clients)s::uuid[], %(states)s::text[])
        AS told (object, client, state)
    WHERE whom.organisation_id = %(organisation)s AND whom.state = 'active' AND %(event)s = ANY (whom.events)
    ORDER BY told.object, whom.id
    ON CONFLICT (subscription_id, event, object_id) WHERE state = 'waiting' AND attempts = 0
    DO UPDATE SET due_at = declarations_webhookdelivery.due_at
"""

_WANTED: Final = """
    SELECT set_config(
            'app.told',
            concat(replace(current_setting('app.told', true), %(mark)s, ''), %(mark)s), true
        ),
        is_told_of(%(organisation)s, %(event)s)
"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a message is about: public ids, and the state of the object."""

    object_id: UUID
    state: str
    client_id: UUID | None = None


def register() -> None:
    """Follow what receivers can be told of."""
    domain_events.follow(FileMoved, tell_of_file)
    domain_events.follow(PersonsLeftQueue, tell_of_queue)
    domain_events.follow(RecordsRejected, tell_of_rejection)
    domain_events.follow(ProfilesPlaced, tell_of_profiles)


def tell_of_file(event: FileMoved) -> None:
    """Tell of a file that came in, or that has another state or handover."""
    what, file = _event_of(event), event.file
    if what is not None and _is_wanted(file.organisation_id, what):
        _tell(file.organisation_id, what, [_Told(file.public_id, file.state)])


def _event_of(event: FileMoved) -> WebhookEvent | None:
    state, handover = FileState(event.file.state), Handover(event.file.handover)
    if state != event.state_before:
        return _OF_STATE[state]
    if handover == event.handover_before:
        return None
    if event.handover_before == Handover.BLOCKED and handover == Handover.MADE:
        return WebhookEvent.EXPORTED  # what was blocked and made anew can be fetched again
    return _OF_HANDOVER.get(handover)


def tell_of_queue(event: PersonsLeftQueue) -> None:
    """Tell that a file is ready once nobody of it is queued. Of two workers the last one sees that."""
    if not _is_wanted(event.organisation_id, WebhookEvent.READY):
        return
    locks.wait_for(f"last person of file {event.file_id}")
    if not Attachment.objects.filter(file=event.file_id, state=AttachmentState.QUEUED).exists():
        _tell_of(event.organisation_id, WebhookEvent.READY, frozenset({event.file_id}), FileState.IMPORTED)


def tell_of_rejection(event: RecordsRejected) -> None:
    """Tell of which files the insurer rejected records."""
    if _is_wanted(event.organisation_id, WebhookEvent.REJECTED):
        _tell_of(event.organisation_id, WebhookEvent.REJECTED, event.file_ids, FileState.EXPORTED)


def _tell_of(organisation_id: int, what: WebhookEvent, file_ids: frozenset[int], state: FileState) -> None:
    files = DeclarationFile.objects.filter(pk__in=file_ids).values_list("public_id", flat=True)
    _tell(organisation_id, what, [_Told(public_id, state) for public_id in files])


def tell_of_profiles(event: ProfilesPlaced) -> None:
    """Tell of new profiles, without saying which."""
    profiles = event.profiles
    if not profiles or not _is_wanted(profiles[0].organisation_id, WebhookEvent.PROFILE_CREATED):
        return
    clients = Client.objects.filter(pk__in={profile.client_id for profile in profiles})
    public_ids = dict(clients.values_list("id", "public_id"))
    told = [_Told(profile.public_id, profile.status, public_ids[profile.client_id]) for profile in profiles]
    _tell(profiles[0].organisation_id, WebhookEvent.PROFILE_CREATED, told)


def _is_wanted(organisation_id: int, what: WebhookEvent) -> bool:
    """Say whether anybody wants to be told; and mark the transaction, so that the guards let it pass."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, {"organisation": organisation_id, "event": what, "mark": f" {what} "})
        is_wanted: bool = cursor.fetchone()[1]
    return is_wanted


def _tell(organisation_id: int, what: WebhookEvent, told: Sequence[_Told]) -> None:
    """Let each receiver that asked for it be told, once as long as nobody sent it."""
    values: dict[str, Any] = {
        "organisation": organisation_id,
        "event": what,
        "objects": [one.object_id for one in told],
        "clients": [one.client_id for one in told],
        "states": [one.state for one in told],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)
