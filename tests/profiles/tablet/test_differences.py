"""A tablet that came to another profile than the server: told to who leads the team, and kept."""

import logging
import re

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from care.clients.moves import move_to_team
from care.schema.models import Client
from profiles.schema.models import DerivationDifference
from tests.actors import Actor, House
from tests.factories import people
from tests.profiles.tablet.sending import finishing, put


def test_a_differing_derivation_is_told_logged_and_kept(
    nurse: Actor, client: Client, thuis: House, caplog: pytest.LogCaptureFixture
) -> None:
    other = {"code": "DKDL-09", "ruleset_hash": "0" * 64}
    sent = finishing(nurse, client, derived=other)
    with caplog.at_level(logging.ERROR, logger="profiles.tablet.submissions"):
        first = put(nurse.browser, sent).json()
    assert (first["result"]["code"], first["result"]["differs"]) == ("DKDL-01", True)
    assert put(nurse.browser, sent).json() == first
    (line,) = [
        record.getMessage() for record in caplog.records if record.name == "profiles.tablet.submissions"
    ]
    assert line.startswith("tablet_derivation_differs")
    assert "DKDL" not in line
    with thuis.scope():
        assert DerivationDifference.objects.get().tablet_code == "DKDL-09"


def test_a_difference_is_told_to_who_leads_the_team_and_beside_the_profile(
    nurse: Actor, team_lead: Actor, client: Client
) -> None:
    pages = [reverse("team-overview"), reverse("difference-list")]
    assert all(
        "kwam op een ander profiel uit" not in team_lead.browser.get(page).content.decode() for page in pages
    )
    put(nurse.browser, finishing(nurse, client, derived={"code": "DKDL-09", "ruleset_hash": "0" * 64}))
    overview, listed = (team_lead.browser.get(page).content.decode() for page in pages)
    assert "Een tablet kwam op een ander profiel uit" in overview
    assert client.name in listed
    assert "DKDL 9" in listed
    (address,) = re.findall(r'href="(/profielen/[^"]+)"', listed)
    assert "De tablet kwam hier uit op DKDL 9" in nurse.browser.get(address).content.decode()


def test_differences_of_another_team_are_not_told(nurse: Actor, team_lead: Actor, thuis: House) -> None:
    with thuis.scope():
        moved = people.client(thuis.north)
    put(nurse.browser, finishing(nurse, moved, derived={"code": "DKDL-09", "ruleset_hash": "0" * 64}))
    with thuis.scope():
        move_to_team(client=moved, team_id=thuis.south.pk, day=localdate())
    assert "Geen verschillen" in team_lead.browser.get(reverse("difference-list")).content.decode()
