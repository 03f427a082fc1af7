"""Parts of a page that higher apps add to it, each a template that sees the context of the page."""

from collections import defaultdict
from enum import StrEnum
from typing import Final


class Slot(StrEnum):
    """Where a page of an app takes panels of higher apps."""

    CLIENT_FORM = "client-form"
    CLIENT_FORM_NOTES = "client-form-notes"
    CLIENT_PAGE = "client-page"
    CLIENT_STATEMENTS = "client-statements"
    ORGANISATION = "organisation"
    PERSON = "person"
    PROFILE_ACTIONS = "profile-actions"


_TEMPLATES: Final[dict[Slot, set[tuple[int, str]]]] = defaultdict(set)


def register(slot: Slot, template: str, *, place: int = 0) -> None:
    """Show a template in a slot, before those with a higher place."""
    _TEMPLATES[slot].add((place, template))


def templates_in(slot: Slot) -> list[str]:
    """Return the templates of a slot in their order."""
    return [template for _place, template in sorted(_TEMPLATES[slot])]
