"""What a lead or administrator decides about a tablet, and how the tablet hears of it and answers.

A tablet asks how it stands with the token that it was given, also when nobody is logged in on it: a role that
was switched off, or a decision, reaches it at its first contact.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from care.schema.constants import Role
from care.schema.models import Membership, Organisation, User
from care.tenancy import scope
from questionnaires.schema.device_models import Device, DeviceEvent, DeviceEventKind, DeviceState
from questionnaires.tablet import keys

log = logging.getLogger(__name__)

#: What can be decided, and from where: wiping is confirmed by the tablet, never by hand.
STEPS: dict[DeviceState, frozenset[DeviceState]] = {
    DeviceState.IN_USE: frozenset({DeviceState.REVOKED, DeviceState.WIPING}),
    DeviceState.REVOKED: frozenset({DeviceState.IN_USE, DeviceState.WIPING}),
    DeviceState.WIPING: frozenset({DeviceState.IN_USE, DeviceState.REVOKED}),
    DeviceState.WIPED: frozenset(),
}


class DeviceStepError(Exception):
    """The tablet is in a state from which this cannot be decided any more."""


class UnknownDeviceError(Exception):
    """No such tablet, or not its token: nothing is told about which of both."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asks without a log-in: a tablet, of a nurse in an organisation (public ids), with its token."""

    device: UUID
    organisation: UUID
    nurse: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a tablet stands: what was decided, and whether the nurse may still work."""

    state: DeviceState
    has_access: bool


@transaction.atomic
def decide(*, device: Device, state: DeviceState, by: User) -> None:
    """Decide about a tablet; deciding the same again changes nothing. Raises DeviceStepError."""
    held = Device.objects.select_for_update().get(pk=device.pk)
    if held.state == state:
        return
    if state not in STEPS[DeviceState(held.state)]:
        raise DeviceStepError
    held.state = state
    held.save(update_fields=["state"])
    _note(held, DeviceEventKind(state.value), by)


@transaction.atomic
def rename(*, device: Device, name: str, by: User) -> None:
    """Give a tablet a name of at most 40 characters; none takes it away."""
    device.name = name.strip()[:40]
    device.save(update_fields=["name"])
    _note(device, DeviceEventKind.NAMED, by)


@transaction.atomic
def put_away(*, device: Device, by: User) -> None:
    """Take a tablet out of the list; what was decided about it still waits for it."""
    device.is_put_away = True
    device.save(update_fields=["is_put_away"])
    _note(device, DeviceEventKind.PUT_AWAY, by)


@transaction.atomic
def come_back(device: Device) -> None:
    """List a tablet again that was put away, or is used again after it was wiped."""
    device.is_put_away = False
    if device.state == DeviceState.WIPED:
        device.state = DeviceState.IN_USE
    device.save(update_fields=["is_put_away", "state"])
    _note(device, DeviceEventKind.BACK, None)


def standing(contact: Contact) -> Standing:
    """Return how a tablet stands, and note that it was heard of. Raises UnknownDeviceError."""
    organisation, role = _known(contact)
    with scope.organisation(organisation.pk, user_id=role.user_id):
        device = _device(contact, role)
        device.seen_at = now()
        device.save(update_fields=["seen_at"])
        return Standing(DeviceState(device.state), role.is_active and role.user.is_active)


def confirm_wiped(contact: Contact) -> None:
    """Note that a tablet has wiped itself, where it was asked to; again changes nothing.

    Raises UnknownDeviceError.
    """
    organisation, role = _known(contact)
    with scope.organisation(organisation.pk, user_id=role.user_id):
        device = _device(contact, role)
        if device.state not in (DeviceState.WIPING, DeviceState.REVOKED):
            return
        device.state, device.unsent, device.unsent_since = DeviceState.WIPED, 0, None
        device.seen_at = now()
        device.save(update_fields=["state", "unsent", "unsent_since", "seen_at"])
        _note(device, DeviceEventKind.WIPED, None)


def is_barred(membership: Membership, device: UUID | None) -> bool:
    """Tell whether a tablet may get no clients any more."""
    if device is None:
        return False
    rows = Device.objects.filter(
        organisation=membership.organisation_id, user=membership.user_id, public_id=device
    )
    return rows.exclude(state__in=(DeviceState.IN_USE, DeviceState.WIPED)).exists()


def _known(contact: Contact) -> tuple[Organisation, Membership]:
    """The organisation, and the nurse's role there, switched off or not."""
    organisation = Organisation.objects.filter(public_id=contact.organisation).first()
    user = User.objects.filter(public_id=contact.nurse).first()
    if organisation is None or user is None:
        raise UnknownDeviceError
    with scope.organisation(organisation.pk, user_id=user.pk):
        roles = Membership.objects.filter(organisation=organisation, user=user, role=Role.NURSE)
        role = roles.select_related("user", "organisation").first()
    if role is None or not keys.is_contact_token(role, contact.device, contact.token):
        raise UnknownDeviceError
    return organisation, role


def _device(contact: Contact, role: Membership) -> Device:
    rows = Device.objects.select_for_update().filter(organisation=role.organisation_id, user=role.user_id)
    device = rows.filter(public_id=contact.device).first()
    if device is None:
        raise UnknownDeviceError
    return device


def _note(device: Device, kind: DeviceEventKind, by: User | None) -> None:
    DeviceEvent.objects.create(organisation_id=device.organisation_id, device=device, kind=kind, user=by)
    log.info("device_%s device=%s by=%s", kind.value, device.page_id, by.public_id if by else "device")
