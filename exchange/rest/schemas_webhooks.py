"""What a receiver of webhooks gets: for the description, so that a receiver can be built from it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from declarations.schema.constants import FileState
from exchange.rest.example import example
from exchange.rest.schemas import ID, OTHER_ID
from exchange.webhooks.constants import WebhookEvent
from profiles.schema.models import ProfileStatus


class FileTold(Schema):
    """The file that a message is about, and the state that it came in."""

    type: Literal["declaration"]
    id: UUID
    state: FileState


class ProfileTold(Schema):
    """The profile that a message is about, and its client."""

    type: Literal["profile"]
    id: UUID
    state: ProfileStatus
    client: UUID


class MessageTold(Schema):
    """What happened, when, and to what: ids, states and times, and nothing about a person."""

    model_config = example(
        id=ID,
        event="profile.created",
        at="2024-02-01T09:30:00+00:00",
        object={"type": "profile", "id": OTHER_ID, "state": "standing", "client": ID},
    )
    id: Annotated[UUID, Field(description="van het bericht; hetzelfde als het opnieuw wordt geprobeerd")]
    event: WebhookEvent
    at: datetime
    object: Annotated[FileTold | ProfileTold, Field(discriminator="type")]


class CheckTold(Schema):
    """One of the two messages of a check; the signature of the first one is wrong."""

    model_config = example(id=ID, event="test", webhook=OTHER_ID)
    id: UUID
    event: Literal["test"]
    webhook: UUID
