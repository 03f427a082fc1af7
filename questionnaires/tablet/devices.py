"""How the tablets are that nurses fill in on: what each said last, without a word about clients."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter

from care.accounts.selectors import organisation_of, teams_of
from care.schema.constants import Role
from care.schema.models import Membership, Organisation, User
from care.strict_json import Number, Text, UnreadableJsonError, read_shape
from questionnaires.schema.device_models import Device, DeviceState, DeviceStorage
from questionnaires.schema.payload import PayloadError
from questionnaires.tablet.device_access import come_back, rename

MOST_UNSENT = 10_000
MOST_CLOCK = 10 * 365 * 24 * 3600
LATE_CLOCK = 60
WARNINGS = (timedelta(hours=72), timedelta(hours=24))
QUIET = timedelta(days=14)
EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)


class DeviceTrouble(models.TextChoices):
    """What a team lead may want to ask a nurse about."""

    UNSENT_72 = "unsent_72", _("al meer dan 72 uur niet verzonden")
    UNSENT_24 = "unsent_24", _("al meer dan 24 uur niet verzonden")
    CLOCK = "clock", _("de klok loopt niet goed")
    QUIET = "quiet", _("al twee weken niets gehoord")
    NO_ACCESS = "no_access", _("de collega heeft geen toegang meer")


def _moment(text: object) -> datetime:
    """Return a moment between the first tablets and now: the clock of a tablet may say anything.

    One that no calendar can show would break the page that lists the tablets.
    """
    if not isinstance(text, str):
        raise ValueError  # noqa: TRY004 - which makes it a problem of the shape
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    try:
        return min(max(moment.astimezone(UTC), EARLIEST), now())
    except OverflowError as error:
        raise ValueError from error


def _storage(name: str) -> str:
    return str(DeviceStorage(name).value)


Moment = Annotated[datetime, BeforeValidator(_moment)]


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What a tablet says of itself. `clock_seconds`: how far the server's clock is ahead of its own.

    `name`: what she calls it from now on; None where she says nothing of it.
    """

    unsent: Annotated[Number, Field(ge=0, le=MOST_UNSENT)]
    unsent_since: Annotated[Moment | None, Field(validation_alias="since")]
    storage: Annotated[str, BeforeValidator(_storage)]
    clock_seconds: Annotated[
        Annotated[Number, Field(ge=-MOST_CLOCK, le=MOST_CLOCK)] | None, Field(validation_alias="clock")
    ]
    app_version: Annotated[Text, AfterValidator(lambda text: text[:12]), Field(validation_alias="version")]
    name: Annotated[Text, AfterValidator(lambda text: text.strip()[:40])] | None = None


_REPORT = TypeAdapter(DeviceReport)


def read_report(body: bytes) -> DeviceReport:
    """Read what a tablet sent. Raises PayloadError."""
    try:
        return read_shape(body, _REPORT)
    except UnreadableJsonError as error:
        raise PayloadError from error


def report_device(*, membership: Membership, public_id: UUID, report: DeviceReport) -> Device:
    """Keep the last report of a tablet in the hands of one nurse; one that was put away is listed again.

    One that had wiped itself begins anew when she takes it into use again.
    """
    device, _is_new = Device.objects.update_or_create(
        organisation=organisation_of(membership),
        user_id=membership.user_id,
        public_id=public_id,
        defaults={
            "seen_at": now(),
            "unsent": report.unsent,
            "unsent_since": report.unsent_since,
            "storage": report.storage,
            "clock_seconds": report.clock_seconds,
            "app_version": report.app_version,
        },
    )
    if device.is_put_away or device.state == DeviceState.WIPED:
        come_back(device)
    if report.name is not None and report.name != device.name:
        rename(device=device, name=report.name, by=membership.user)
    return device


def devices_for(membership: Membership) -> QuerySet[Device]:
    """Return the tablets of the nurses in the teams of a membership, the longest unsent first.

    Those whose role was switched off too: what waits on a tablet does not go with the role. `has_access`
    tells whether the role is on. Without those that were put away.
    """
    found = _theirs(membership).filter(is_put_away=False)
    return found.order_by(models.F("unsent_since").asc(nulls_last=True), "-seen_at", "id")


def devices_in(organisation_id: int | None) -> QuerySet[Device]:
    """Return every tablet of an organisation, with whose it is and whether that nurse has access."""
    working = Membership.objects.filter(
        organisation=organisation_id, user=OuterRef("user"), role=Role.NURSE, is_active=True
    )
    found = Device.objects.filter(organisation=organisation_id).select_related("user", "organisation")
    return found.annotate(has_access=Exists(working) & Q(user__is_active=True))


def device_for(membership: Membership, page_id: UUID) -> Device:
    """Return one tablet of the teams of a membership, put away or not. Raises Http404."""
    device = _theirs(membership).filter(page_id=page_id).first()
    if device is None:
        raise Http404(_("Dit toestel hoort niet bij jouw teams."))
    return device


def waiting_of(user: User, organisation: Organisation) -> QuerySet[Device]:
    """Return the tablets on which work of somebody waits, as they said last, put away or not."""
    waits = Device.objects.filter(organisation=organisation, user=user, unsent__gt=0)
    return waits.order_by("unsent_since", "id")


def lease_end(device: Device) -> datetime:
    """Return when a tablet closes if it is not heard of again."""
    return device.seen_at + timedelta(hours=device.organisation.offline_hours)


def count_waiting_long(membership: Membership, *, at: datetime) -> int:
    """Count the tablets of a membership's teams on which work has waited for a day or more."""
    return devices_for(membership).filter(unsent_since__lte=at - min(WARNINGS)).count()


def troubles_of(device: Device, *, at: datetime) -> list[DeviceTrouble]:
    """Return what is wrong with a tablet, the worst first."""
    found = []
    if device.unsent_since is not None:
        waited = at - device.unsent_since
        names = (DeviceTrouble.UNSENT_72, DeviceTrouble.UNSENT_24)
        found += [name for name, limit in zip(names, WARNINGS, strict=True) if waited >= limit][:1]
    if device.clock_seconds is not None and abs(device.clock_seconds) > LATE_CLOCK:
        found.append(DeviceTrouble.CLOCK)
    if at - device.seen_at >= QUIET:
        found.append(DeviceTrouble.QUIET)
    if not getattr(device, "has_access", True) and device.state != DeviceState.WIPED:
        found.append(DeviceTrouble.NO_ACCESS)
    return found


def _theirs(membership: Membership) -> QuerySet[Device]:
    nurses = Membership.objects.filter(organisation=membership.organisation_id, role=Role.NURSE)
    there = nurses.filter(Q(teams__isnull=True) | Q(teams__in=teams_of(membership))).values("user")
    return devices_in(membership.organisation_id).filter(user__in=there)
