"""What is decided about a tablet, how it hears so without a log-in, and that nothing vanishes with a role."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from care.accounts.people import deactivate_membership
from care.schema.constants import Role
from questionnaires.schema.device_models import Device, DeviceEvent, DeviceState
from questionnaires.tablet.device_access import DeviceStepError, decide
from questionnaires.tablet.devices import devices_for
from tests.actors import Actor, House, actor
from tests.factories import anamneses, people

SAID = {"unsent": 2, "since": "2026-03-01T09:30:00Z", "storage": "persistent", "clock": 0, "version": "1"}


def report(nurse: Actor, public_id: UUID, **changed: Any) -> dict[str, Any]:
    """Let a tablet say how it is; returns what it hears."""
    address = reverse("tablet-device", args=[public_id])
    said: dict[str, Any] = nurse.browser.put(
        address, json.dumps(SAID | changed), content_type="application/json"
    ).json()
    return said


def ask(nurse: Actor, public_id: UUID, token: str, /, **more: Any) -> Any:
    """Ask as a tablet on which nobody is logged in."""
    assert nurse.membership.organisation is not None
    body = {
        "organisation": str(nurse.membership.organisation.public_id),
        "nurse": str(nurse.user.public_id),
        "token": token,
    } | more
    return Browser(enforce_csrf_checks=True).post(
        reverse("tablet-standing", args=[public_id]), json.dumps(body), content_type="application/json"
    )


def package(nurse: Actor, public_id: UUID) -> Any:
    """Ask for the package as this tablet."""
    return nurse.browser.get(reverse("tablet-package"), headers={"X-Device": str(public_id)})


def only(thuis: House) -> Device:
    with thuis.scope():
        return Device.objects.get()


def post(actor: Actor, name: str, thuis: House, *more: str) -> int:
    return actor.browser.post(reverse(name, args=[only(thuis).page_id, *more])).status_code


@pytest.fixture
def tablet(nurse: Actor) -> tuple[UUID, str]:
    """Return a tablet of the nurse and its token."""
    public_id = uuid4()
    return public_id, report(nurse, public_id)["token"]


def test_a_revoked_tablet_gets_no_clients_and_hears_why(
    nurse: Actor, team_lead: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    public_id, token = tablet
    assert package(nurse, public_id).status_code == 200
    assert post(team_lead, "device-decide", thuis, "revoked") == 302
    answer = package(nurse, public_id)
    assert (answer.status_code, answer.json()["error"]) == (403, "revoked")
    assert ask(nurse, public_id, token).json() == {"state": "revoked", "access": True}
    assert report(nurse, public_id)["state"] == "revoked"
    assert package(nurse, uuid4()).status_code == 200


def test_the_tablet_itself_confirms_that_it_was_wiped(
    nurse: Actor, administrator: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    public_id, token = tablet
    assert ask(nurse, public_id, token, wiped=True).json()["state"] == "in_use"
    post(administrator, "device-decide", thuis, "wiping")
    assert ask(nurse, public_id, token).json()["state"] == "wiping"
    for _time in range(2):
        assert ask(nurse, public_id, token, wiped=True).json()["state"] == "wiped"
    assert (only(thuis).unsent, only(thuis).state) == (0, "wiped")
    page = administrator.browser.get(reverse("device-page", args=[only(thuis).page_id])).content.decode()
    assert "Heeft zich gewist" in page
    assert "het toestel zelf" in page
    assert "Er staat niets meer op" in page
    with thuis.scope():
        assert list(DeviceEvent.objects.order_by("id").values_list("kind", flat=True)) == ["wiping", "wiped"]
    assert report(nurse, public_id)["state"] == "in_use"


@pytest.mark.parametrize(
    "wrong", [{"token": "0" * 64}, {"nurse": str(uuid4())}, {"organisation": "x"}, {"token": None}]
)
def test_without_its_token_nothing_is_told(
    nurse: Actor, tablet: tuple[UUID, str], wrong: dict[str, Any]
) -> None:
    public_id, token = tablet
    answer = ask(nurse, public_id, token, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (401, "unknown_device")
    assert ask(nurse, uuid4(), token).status_code == 401


def test_a_role_that_was_switched_off_is_heard_without_a_log_in(
    nurse: Actor, administrator: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    public_id, token = tablet
    assert ask(nurse, public_id, token).json()["access"] is True
    with thuis.scope():
        deactivate_membership(membership=nurse.membership, by=administrator.user)
    assert ask(nurse, public_id, token).json()["access"] is False
    answer = nurse.browser.get(reverse("tablet-package"))
    assert (answer.status_code, answer.json()["error"]) == (403, "no_access")


def test_what_waits_on_a_tablet_does_not_go_with_the_role(
    nurse: Actor, team_lead: Actor, administrator: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    with thuis.scope():
        deactivate_membership(membership=nurse.membership, by=administrator.user)
    for one in (team_lead, administrator):
        page = one.browser.get(reverse("device-list")).content.decode()
        assert nurse.user.name in page
        assert "de collega heeft geen toegang meer" in page
    assert "Op één toestel wacht werk" in team_lead.browser.get(reverse("team-overview")).content.decode()


def test_one_that_does_not_come_back_is_put_away_with_its_history(
    nurse: Actor, team_lead: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    post(team_lead, "device-decide", thuis, "revoked")
    assert post(team_lead, "device-put-away", thuis) == 302
    with thuis.scope():
        assert not devices_for(team_lead.membership).exists()
    assert team_lead.browser.get(reverse("device-page", args=[only(thuis).page_id])).status_code == 200
    assert report(nurse, tablet[0])["state"] == "revoked"
    with thuis.scope():
        assert devices_for(team_lead.membership).count() == 1
        kinds = list(DeviceEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["revoked", "put_away", "back"]


def test_it_gets_a_name(nurse: Actor, team_lead: Actor, thuis: House, tablet: tuple[UUID, str]) -> None:
    address = reverse("device-page", args=[only(thuis).page_id])
    assert team_lead.browser.post(address, {"name": " Tablet 7 "}).status_code == 302
    assert only(thuis).name == "Tablet 7"
    assert "Tablet 7" in team_lead.browser.get(reverse("device-list")).content.decode()
    assert report(nurse, tablet[0])["name"] == "Tablet 7"


def test_tablets_of_others_cannot_be_decided_about(
    nurse_of_another_team: Actor,
    team_lead: Actor,
    administrator_elsewhere: Actor,
    nurse: Actor,
    thuis: House,
) -> None:
    report(nurse_of_another_team, uuid4())
    for one, status in ((team_lead, 404), (administrator_elsewhere, 404), (nurse, 403)):
        assert post(one, "device-decide", thuis, "wiping") == status
        assert post(one, "device-put-away", thuis) == status
    assert only(thuis).state == "in_use"


def test_of_what_was_wiped_nothing_is_decided_any_more(
    team_lead: Actor, nurse: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    with thuis.scope():
        device = Device.objects.get()
        Device.objects.update(state="wiped")
        for after in (DeviceState.IN_USE, DeviceState.REVOKED, DeviceState.WIPING):
            with pytest.raises(DeviceStepError):
                decide(device=device, state=after, by=team_lead.user)
        Device.objects.update(state="revoked")
        decide(device=device, state=DeviceState.IN_USE, by=team_lead.user)
    assert post(team_lead, "device-decide", thuis, "gestolen") == 302
    assert only(thuis).state == "in_use"


def test_the_history_of_a_tablet_does_not_change(
    team_lead: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    post(team_lead, "device-decide", thuis, "revoked")
    with thuis.scope(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from questionnaires_deviceevent")


def test_a_sealed_vault_is_opened_for_who_may_still_work(
    nurse: Actor, team_lead: Actor, nurse_of_another_team: Actor
) -> None:
    keys = nurse.browser.post(reverse("tablet-keys")).json()
    address = reverse("tablet-unsealing", args=[keys["nonce"]])
    assert nurse.browser.post(address).json() == {"seal": keys["seal"]}
    assert nurse_of_another_team.browser.post(address).json() != {"seal": keys["seal"]}
    assert team_lead.browser.post(address).status_code == 403
    assert len({keys["seal"], keys["device"], keys["recovery"]}) == 3


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "onbekend"), (-3, "± 3 s"), (600, "± 10 min"), (93_600, "± 26 uur")]
)
def test_a_clock_is_said_in_a_unit_that_says_enough(seconds: int | None, words: str) -> None:
    assert Device(clock_seconds=seconds).clock_words == words


def test_switching_somebody_off_says_what_still_waits_before_and_after(
    nurse: Actor, administrator: Actor, thuis: House, tablet: tuple[UUID, str]
) -> None:
    with thuis.scope():
        anamneses.draft(people.client(thuis.north), nurse.membership, day=date(2026, 3, 2))
    address = reverse("user-edit", args=[nurse.user.public_id])
    for _when in ("before", "after"):
        page = administrator.browser.get(address).content.decode()
        assert f"Van {nurse.user.name} wacht nog werk." in page
        assert "2 anamneses niet verzonden" in page
        assert "1 concept op de server" in page
        administrator.browser.post(reverse("membership-switch", args=[nurse.membership.public_id]))
    teams = administrator.browser.get(reverse("membership-edit", args=[nurse.membership.public_id]))
    assert "2 anamneses niet verzonden" in teams.content.decode()
    report(nurse, tablet[0], unsent=0, since=None)
    assert "niet verzonden" not in administrator.browser.get(address).content.decode()


def test_the_nurse_names_her_own_tablet_and_only_when_she_says_so(
    nurse: Actor, team_lead: Actor, thuis: House
) -> None:
    public_id = uuid4()
    assert report(nurse, public_id)["name"] == ""
    assert report(nurse, public_id, name="  Sticker 12 ")["name"] == "Sticker 12"
    assert report(nurse, public_id)["name"] == "Sticker 12"
    with thuis.scope():
        named = DeviceEvent.objects.get(kind="named")
        assert (named.user, named.device.name) == (nurse.user, "Sticker 12")
    assert "Sticker 12" in team_lead.browser.get(reverse("device-list")).content.decode()
    assert report(nurse, public_id, name="")["name"] == ""
    assert report(nurse, public_id, name=["Sticker"])["error"] == "unreadable"


def test_a_tablet_of_one_nurse_is_not_named_by_another(nurse: Actor, thuis: House) -> None:
    """Each has a row of her own for a tablet that they share."""
    public_id, other = uuid4(), actor(Role.NURSE, thuis)
    report(nurse, public_id, name="Sticker 12")
    assert report(other, public_id)["name"] == ""
