"""What tablets say of themselves: kept per nurse, seen by the lead of her teams; nothing about clients."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils.timezone import now

from questionnaires.schema.device_models import Device
from questionnaires.schema.payload import PayloadError
from questionnaires.tablet import devices
from questionnaires.tablet.devices import DeviceReport, DeviceTrouble, devices_for, read_report, troubles_of
from tests.actors import Actor, House

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SAID = {
    "unsent": 2,
    "since": "2026-03-01T09:30:00.000Z",
    "storage": "persistent",
    "clock": -3,
    "version": "0123456789ab",
}


def put(actor: Actor, public_id: UUID, **changed: Any) -> int:
    address = f"/tablet/toestellen/{public_id}/"
    body = json.dumps(SAID | changed)
    return actor.browser.put(address, body, content_type="application/json").status_code


def test_the_last_report_of_a_tablet_counts(nurse: Actor, thuis: House) -> None:
    public_id = uuid4()
    assert put(nurse, public_id) == 200
    assert put(nurse, public_id, unsent=0, since=None) == 200
    with thuis.scope():
        device = Device.objects.get()
    assert (device.public_id, device.user_id, device.unsent) == (public_id, nurse.user.pk, 0)
    assert (device.unsent_since, device.storage, device.clock_seconds) == (None, "persistent", -3)


def test_one_tablet_of_two_nurses_is_two_rows(
    nurse: Actor, nurse_of_another_team: Actor, thuis: House
) -> None:
    public_id = uuid4()
    put(nurse, public_id, unsent=1)
    put(nurse_of_another_team, public_id, unsent=5)
    with thuis.scope():
        assert sorted(Device.objects.values_list("unsent", flat=True)) == [1, 5]


def test_a_lead_sees_the_tablets_of_her_teams(
    nurse: Actor, nurse_of_another_team: Actor, nurse_elsewhere: Actor, team_lead: Actor
) -> None:
    for actor in (nurse, nurse_of_another_team, nurse_elsewhere):
        put(actor, uuid4())
    page = team_lead.browser.get("/team/toestellen/").content.decode()
    assert nurse.user.name in page
    assert "± 3 s" in page
    assert page.count("<tr>") == 2


def test_a_lead_is_told_on_the_start_page_where_work_waits_for_a_day(
    team_lead: Actor, nurse: Actor, nurse_of_another_team: Actor
) -> None:
    told = "Op één toestel wacht werk al meer dan 24 uur"
    yesterday, just_now = (now() - timedelta(hours=hours) for hours in (25, 1))
    put(nurse, uuid4(), since=just_now.isoformat())
    put(nurse_of_another_team, uuid4(), since=yesterday.isoformat())
    assert told not in team_lead.browser.get("/team/").content.decode()
    put(nurse, uuid4(), since=yesterday.isoformat())
    assert told in team_lead.browser.get("/team/").content.decode()


def test_a_nurse_of_all_teams_is_listed_once(team_lead: Actor, nurse: Actor, thuis: House) -> None:
    with thuis.scope():
        nurse.membership.teams.clear()
    put(nurse, uuid4())
    with thuis.scope():
        assert devices_for(team_lead.membership).count() == 1


def test_the_longest_unsent_comes_first(team_lead: Actor, nurse: Actor, thuis: House) -> None:
    for since in (None, "2026-03-02T10:00:00Z", "2026-03-01T10:00:00Z"):
        put(nurse, uuid4(), since=since)
    with thuis.scope():
        found = [device.unsent_since for device in devices_for(team_lead.membership)]
    assert found == [datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC), None]


@pytest.mark.parametrize(
    ("waits", "clock", "silent", "found"),
    [
        (timedelta(hours=23, minutes=59), 60, timedelta(days=13), []),
        (timedelta(hours=24), 0, timedelta(0), [DeviceTrouble.UNSENT_24]),
        (timedelta(hours=72), 0, timedelta(0), [DeviceTrouble.UNSENT_72]),
        (None, -61, timedelta(0), [DeviceTrouble.CLOCK]),
        (None, None, timedelta(days=14), [DeviceTrouble.QUIET]),
    ],
)
def test_what_a_lead_may_want_to_ask_about(
    waits: timedelta | None, clock: int | None, silent: timedelta, found: list[DeviceTrouble]
) -> None:
    device = Device(
        unsent_since=None if waits is None else NOW - waits, clock_seconds=clock, seen_at=NOW - silent
    )
    assert troubles_of(device, at=NOW) == found


@pytest.mark.parametrize(
    "changed",
    [
        {"unsent": -1},
        {"unsent": True},
        {"unsent": "2"},
        {"since": "gisteren"},
        {"since": "2026-03-01T09:30:00"},
        {"storage": "forever"},
        {"clock": 1.5},
        {"version": 2},
    ],
)
def test_nonsense_is_refused(nurse: Actor, changed: dict[str, Any]) -> None:
    with pytest.raises(PayloadError):
        read_report(json.dumps(SAID | changed).encode())
    assert put(nurse, uuid4(), **changed) == 400


def test_a_report_is_read_whole() -> None:
    since = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert read_report(json.dumps(SAID).encode()) == DeviceReport(2, since, "persistent", -3, "0123456789ab")
    assert devices.LATE_CLOCK == 60
