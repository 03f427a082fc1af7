"""What happens to profiles that other apps act on."""

from collections.abc import Sequence
from dataclasses import dataclass

from profiles.schema.models import ClientProfile


@dataclass(frozen=True, slots=True)
class ProfilesPlaced:
    """Profiles of clients of one organisation were written, each in its place in time."""

    profiles: Sequence[ClientProfile]
