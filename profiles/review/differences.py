"""Profiles that a tablet derived otherwise than the server: there should be none, so they are told loudly."""

from datetime import date, timedelta

from django.db.models import QuerySet

from care.clients import selectors as care
from care.schema.models import Membership
from profiles.schema.models import DerivationDifference

#: How long a difference stays on the pages of those who lead a team; the row itself stays.
TOLD_DAYS = 90


def differences_for(membership: Membership, *, day: date) -> QuerySet[DerivationDifference]:
    """Return what differed of late at clients whom a membership may see on a day, newest first."""
    return (
        DerivationDifference.objects.filter(
            organisation=membership.organisation_id,
            profile__client__in=care.clients_of(membership, on=day),
            at__date__gt=day - timedelta(days=TOLD_DAYS),
        )
        .select_related("profile__client", "profile__anamnese__nurse")
        .order_by("-at", "-id")
    )
