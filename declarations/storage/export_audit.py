"""The access log of files that are made: whose profiles went into them, and who asked."""

from collections.abc import Iterable
from itertools import islice

from care.audit.access import Program
from care.schema.constants import SYSTEM_ROLE, AccessAction
from care.schema.models import AccessLog, Membership

CLIENTS_PER_LOG_ROW = 1_000


def log_exported(
    *, organisation_id: int, clients: Iterable[int], membership: Membership | None, program: Program | None
) -> None:
    """Write down whose profiles went into a file. Neither membership nor program: a command asked."""
    ids = iter(clients)
    while batch := list(islice(ids, CLIENTS_PER_LOG_ROW)):
        AccessLog.objects.create(
            organisation_id=organisation_id,
            user=membership.user if membership else None,
            membership=membership,
            role=membership.role if membership else SYSTEM_ROLE if program else "",
            program=program.name if program else "",
            program_id=program.public_id if program else None,
            action=AccessAction.EXPORTED,
            clients=batch,
        )
