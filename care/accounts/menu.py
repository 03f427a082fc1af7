"""What every page needs: who is logged in, with which role, and where that role can go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from care.registries import menu


@dataclass(frozen=True)
class NavigationItem:
    """One link of the menu."""

    label: Any
    name: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows around a page."""
    membership = getattr(request, "membership", None)
    links = menu.links_of(membership.role) if membership else ()
    targets = [(link.label, link.name, reverse(link.name)) for link in links]
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
