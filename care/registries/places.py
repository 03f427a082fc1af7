"""Places to go that higher apps have: a lower app leads there without knowing the page.

Each app names its pages for the places it has when the product starts (`AppConfig.ready`).
"""

from enum import StrEnum
from typing import Final

from django.urls import reverse


class Place(StrEnum):
    """Somewhere in the product that several apps lead to; what has to be given stands behind it."""

    TABLET = "tablet"
    CLIENTS = "clients"
    CLIENT = "client"  # public id of the client
    CLIENT_DETAILS = "client-details"  # public id of the client
    CLIENT_DISCLOSURES = "client-disclosures"  # public id of the client
    FINISH = "finish"  # public id of the anamnese
    RESULT = "result"  # public id of the anamnese
    LEGAL_BASES = "legal-bases"


_NAMES: Final[dict[Place, str]] = {}


def register(**names: str) -> None:
    """Name the page for places, each by its name in small letters: `register(client="client-page")`."""
    for place, name in names.items():
        _NAMES[Place[place.upper()]] = name


def name_of(place: Place) -> str:
    """Return the name of the page for a place. Raises KeyError where no app has one."""
    return _NAMES[Place(place)]


def address(place: Place, *given: object) -> str:
    """Return the address of a place."""
    return reverse(name_of(place), args=given)
