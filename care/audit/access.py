"""The log of every look at a client. Each view that shows a client calls record()."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from care.schema.constants import SYSTEM_ROLE, AccessAction
from care.schema.models import AccessLog, Client, Membership


def record(*, membership: Membership, action: AccessAction, clients: Iterable[Client | int]) -> None:
    """Write down who saw which clients, with which role. Nothing is written for an empty list."""
    ids = [client if isinstance(client, int) else client.pk for client in clients]
    if not ids or membership.organisation_id is None:
        return
    AccessLog.objects.create(
        organisation_id=membership.organisation_id,
        user_id=membership.user_id,
        membership=membership,
        role=membership.role,
        action=action,
        clients=ids,
    )


@dataclass(frozen=True, slots=True)
class Program:
    """A care record system that acts with a token: the token's public id, and its name."""

    public_id: UUID
    name: str


def record_by_system(
    *, organisation_id: int, program: Program, action: AccessAction, clients: Iterable[Client | int]
) -> None:
    """Write down which clients a care record system saw with a token of the organisation: no person did."""
    ids = [client if isinstance(client, int) else client.pk for client in clients]
    if ids:
        AccessLog.objects.create(
            organisation_id=organisation_id,
            role=SYSTEM_ROLE,
            program=program.name,
            program_id=program.public_id,
            action=action,
            clients=ids,
        )
