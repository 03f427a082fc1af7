"""The profiles of one client in the order that people read them: newest first, with what replaced what."""

from dataclasses import dataclass

from care.schema.models import Client
from profiles.schema.models import ClientProfile, ProfileStatus
from profiles.timeline.selectors import history_of
from profiles.timeline.validity import contradicts_age


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One profile of a client. `replaced_by` is the profile of the correction, `reason` why it was made."""

    profile: ClientProfile
    replaced_by: ClientProfile | None
    reason: str
    #: Whether it does not count until it is corrected: it contradicts the date of birth.
    contradicts_age: bool = False

    @property
    def is_replaced(self) -> bool:
        """Whether a correction has taken its place."""
        return self.profile.status == ProfileStatus.REPLACED


def entries_of(client: Client) -> list[HistoryEntry]:
    """Return all profiles of a client, newest first. One query."""
    profiles = history_of(client)
    corrections = {
        profile.anamnese.corrects_id: profile for profile in profiles if profile.anamnese.corrects_id
    }
    return [_entry(client, profile, corrections.get(profile.anamnese_id)) for profile in profiles]


def _entry(client: Client, profile: ClientProfile, correction: ClientProfile | None) -> HistoryEntry:
    contradicts = profile.status == ProfileStatus.STANDING and contradicts_age(
        profile.terms, first_day=profile.date, date_of_birth=client.date_of_birth
    )
    reason = correction.anamnese.correction_reason if correction else ""
    return HistoryEntry(profile, correction, reason, contradicts)
