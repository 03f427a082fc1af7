"""What apps register on pages of lower ones: every menu and slot whole and in its order, every place."""

import pytest

from care.registries import panels, places
from care.registries.menu import links_of
from care.registries.panels import Slot
from care.registries.places import Place
from care.schema.constants import Role

MENUS = {
    Role.NURSE: ["client-list", "due-list", "client-add", "tablet"],
    Role.TEAM_LEAD: ["team-overview", "client-list", "due-calendar"],
    Role.DECLARATION_OFFICER: ["file-list", "file-upload", "apart-list", "basis-list"],
    Role.ADMINISTRATOR: [
        "user-list",
        "team-list",
        "device-list",
        "organisation-settings",
        "client-register",
        "basis-list",
        "release-list",
        "link-list",
    ],
    Role.PRIVACY_OFFICER: ["access-log", "download-log", "basis-list"],
    Role.INSURER: ["insurer-files", "insurer-figures"],
}
PANELS = {
    Slot.CLIENT_FORM: ["profiles/join_links.html", "questionnaires/death_link.html"],
    Slot.CLIENT_FORM_NOTES: ["questionnaires/care_note.html"],
    Slot.CLIENT_PAGE: ["declarations/matching/returned_panel.html"],
    Slot.CLIENT_STATEMENTS: ["declarations/history/sent_link.html"],
    Slot.ORGANISATION: ["declarations/agreements/phases_link.html"],
    Slot.PERSON: ["questionnaires/waiting_panel.html"],
    Slot.PROFILE_ACTIONS: ["declarations/history/trail_link.html"],
}


@pytest.mark.parametrize("role", Role)
def test_a_menu_leads_to_all_of_its_pages_in_their_order(role: Role) -> None:
    assert [link.name for link in links_of(role)] == MENUS[role]


@pytest.mark.parametrize("slot", Slot)
def test_a_slot_has_its_panels_in_their_order(slot: Slot) -> None:
    assert panels.templates_in(slot) == PANELS[slot]


@pytest.mark.parametrize("place", Place)
def test_every_place_is_a_page_of_some_app(place: Place) -> None:
    assert places.name_of(place)
