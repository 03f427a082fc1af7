"""How a person of a file can stand, and the records that were made."""

from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import ProfileRecord
from tests.declarations.office import Office

ATTACHED = (AttachmentState.ATTACHED, Reason.NONE)


def held(reason: Reason) -> tuple[AttachmentState, Reason]:
    """Return the state of who is held, with the reason."""
    return (AttachmentState.HELD, reason)


def excluded(reason: Reason) -> tuple[AttachmentState, Reason]:
    """Return the state of who is excluded, with the reason."""
    return (AttachmentState.EXCLUDED, reason)


def records(office: Office) -> list[ProfileRecord]:
    """Return the profile records of all files, in the order of their persons."""
    with office.facts():
        return list(ProfileRecord.objects.order_by("attachment__number", "number"))
