"""Writing the state of a file and its handover, with what follows from it for others.

Whoever else writes them while a receiver waits to be told is refused by the database at the end of the
transaction (migration 0027).
"""

from collections.abc import Sequence

from care.registries.domain_events import publish
from declarations.schema.constants import FileState, Handover
from declarations.schema.domain_events import FileMoved
from declarations.schema.models import DeclarationFile


def add_file(file: DeclarationFile) -> None:
    """Write the row of a new file."""
    file.save(force_insert=True)
    publish(FileMoved(file, None, Handover.NONE))


def move_file(
    file: DeclarationFile,
    *,
    state: FileState | None = None,
    handover: Handover | None = None,
    also: Sequence[str] = (),
) -> None:
    """Give a file, whose row the transaction at hand has locked, another state or handover.

    `also`: other fields that the caller changed, written with it.
    """
    event = FileMoved(file, FileState(file.state), Handover(file.handover))
    file.state = file.state if state is None else state
    file.handover = file.handover if handover is None else handover
    file.save(update_fields=["state", "handover", *also])
    publish(event)
