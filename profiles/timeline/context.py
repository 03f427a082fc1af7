"""What pages of a nurse show around themselves: at how many clients it is time to look."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from care.accounts.permissions import RIGHTS, Permission
from profiles.timeline.reassessment import count_due


def reassessment(request: HttpRequest) -> dict[str, Any]:
    """Return the number for the badge of the menu, counted only where a page shows it."""
    return {"time_for": SimpleLazyObject(lambda: _count(request))}


def _count(request: HttpRequest) -> int:
    membership = getattr(request, "membership", None)
    if membership is None or Permission.FILL_ANAMNESE not in RIGHTS[membership.role]:
        return 0
    if connection.needs_rollback:  # the page of an error: nothing can be asked any more
        return 0
    return count_due(membership, day=localdate())
