"""What every page needs: who is logged in, with which role, and where that role can go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from care.schema.constants import Role

Label = Any

NAVIGATION: dict[str, list[tuple[Label, str]]] = {
    Role.NURSE: [
        (_("Mijn cliënten"), "client-list"),
        (_("Bij wie is het tijd?"), "due-list"),
        (_("Nieuwe cliënt"), "client-add"),
        (_("Tablet"), "tablet"),
    ],
    Role.TEAM_LEAD: [
        (_("Profielen van het team"), "team-overview"),
        (_("Cliënten"), "client-list"),
        (_("Kalender"), "due-calendar"),
    ],
    Role.DECLARATION_OFFICER: [
        (_("Bestanden"), "file-list"),
        (_("Bestand inlezen"), "file-upload"),
        (_("Aparte bestanden"), "apart-list"),
        (_("Grondslagen"), "basis-list"),
    ],
    Role.ADMINISTRATOR: [
        (_("Mensen"), "user-list"),
        (_("Teams"), "team-list"),
        (_("Toestellen"), "device-list"),
        (_("Organisatie"), "organisation-settings"),
        (_("Cliënten"), "client-register"),
        (_("Grondslagen"), "basis-list"),
        (_("Cijfers"), "release-list"),
        (_("Koppelingen"), "link-list"),
    ],
    Role.PRIVACY_OFFICER: [
        (_("Wie zag welk dossier"), "access-log"),
        (_("Opgehaald"), "download-log"),
        (_("Grondslagen"), "basis-list"),
    ],
    Role.INSURER: [(_("Bestanden"), "insurer-files"), (_("Cijfers"), "insurer-figures")],
}


@dataclass(frozen=True)
class NavigationItem:
    """One link of the menu."""

    label: Label
    name: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows around a page."""
    membership = getattr(request, "membership", None)
    items = NAVIGATION.get(membership.role, []) if membership else []
    targets = [(label, name, reverse(name)) for label, name in items]
    # The deepest address that leads to this page, so that a client's page still shows "clients" as current.
    here = max((url for _label, _name, url in targets if request.path.startswith(url)), key=len, default="")
    return {
        "user": getattr(request, "user", None),
        "active_membership": membership,
        "memberships": getattr(request, "memberships", []),
        "navigation": [NavigationItem(label, name, url, url == here) for label, name, url in targets],
        "switch_url": reverse("membership-choose"),
        "languages": settings.LANGUAGES,
    }
