"""The menu of every role: each app registers the links to its own pages."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from care.schema.constants import Role

Label = Any


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A link of a menu: its place in it (lowest first), the name of the page, and the words."""

    place: int
    name: str
    label: Label


_LINKS: Final[dict[str, list[Link]]] = defaultdict(list)


def register(role: Role, *links: Link) -> None:
    """Add links to the menu of a role."""
    _LINKS[role] = sorted({*_LINKS[role], *links}, key=lambda link: link.place)


def links_of(role: str) -> tuple[Link, ...]:
    """Return the menu of a role."""
    return tuple(_LINKS[role])
