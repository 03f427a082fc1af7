"""The summary of a morning by e-mail: how many clients wait, and where to look. Never who they are."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.schema.constants import Role
from care.schema.models import Membership, User
from care.tenancy import scope
from profiles.schema.models import DailySummary
from profiles.timeline.reassessment import count_due


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """How many clients wait in one organisation."""

    organisation: str
    number: int


def wanting() -> list[int]:
    """Return the ids of the people who want a summary in the morning."""
    wanted = User.objects.filter(wants_daily_summary=True, is_active=True)
    return list(wanted.order_by("id").values_list("id", flat=True))


def send_summary(*, user: User, day: date) -> str:
    """Send a person the summary of a day, once; return what became of it, as a word for the log.

    The row is written in the transaction of the sending: when the mail server refuses, a next try sends.
    """
    if not user.wants_daily_summary or not user.is_active:
        return "not_wanted"
    waiting = [found for found in _waiting(user, day) if found.number]
    if not waiting:
        return "nothing_waits"
    with (
        scope.activate(scope.Scope(user_id=user.pk)),
        transaction.atomic(),
        translation.override(user.language),
    ):
        _row, is_new = DailySummary.objects.get_or_create(user=user, day=day)
        if not is_new:
            return "sent_before"
        send_mail(_subject(day), _text(waiting), settings.DEFAULT_FROM_EMAIL, [user.email])
    return "sent"


def _waiting(user: User, day: date) -> list[DailyCounts]:
    with scope.activate(scope.Scope(user_id=user.pk)):
        memberships = list(
            Membership.objects.filter(user=user, role=Role.NURSE, is_active=True)
            .select_related("organisation")
            .order_by("id")
        )
    return [_of(membership, day) for membership in memberships]


def _of(membership: Membership, day: date) -> DailyCounts:
    assert membership.organisation is not None  # noqa: S101 - a constraint of the table for this role
    with scope.organisation(membership.organisation.pk, user_id=membership.user_id):
        return DailyCounts(membership.organisation.name, count_due(membership, day=day))


def _subject(day: date) -> str:
    return _("Draagvlak: bij wie is het tijd? %s") % date_format(day, "j F Y")


def _text(waiting: list[DailyCounts]) -> str:
    lines = [
        ngettext(
            "%(organisation)s: %(number)d cliënt wacht op je.",
            "%(organisation)s: %(number)d cliënten wachten op je.",
            found.number,
        )
        % {"organisation": found.organisation, "number": found.number}
        for found in waiting
    ]
    return "\n\n".join(
        [
            _("Goedemorgen,"),
            "\n".join(lines),
            _("Bekijk wie: %s") % (settings.BASE_URL + reverse("due-list")),
            _("Deze e-mail niet meer? Zet hem uit: %s") % (settings.BASE_URL + reverse("own-settings")),
        ]
    )
