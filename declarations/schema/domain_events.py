"""What happens to declaration files that other apps act on."""

from dataclasses import dataclass

from declarations.schema.constants import FileState, Handover
from declarations.schema.models import DeclarationFile


@dataclass(frozen=True, slots=True)
class FileMoved:
    """A file came in (no state before), or has another state or handover than before."""

    file: DeclarationFile
    state_before: FileState | None
    handover_before: Handover


@dataclass(frozen=True, slots=True)
class PersonsLeftQueue:
    """Something was decided about persons of a file."""

    organisation_id: int
    file_id: int


@dataclass(frozen=True, slots=True)
class RecordsRejected:
    """The insurer rejected profile records of files (ids)."""

    organisation_id: int
    file_ids: frozenset[int]
