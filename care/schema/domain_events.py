"""What happens to clients and insurers that other apps act on."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InsurerAdded:
    """An insurer joined the register."""

    insurer_id: int
    uzovi: str


@dataclass(frozen=True, slots=True)
class BirthDatesCorrected:
    """The date of birth of clients (ids) became another."""

    client_ids: Collection[int]
