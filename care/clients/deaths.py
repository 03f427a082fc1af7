"""A client who died: asked by a declaration file, confirmed or denied by a person, taken back if a mistake.

A file never decides it. Care is the half-open period that ends, at the latest, on the day after the death.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from care.audit import access
from care.schema.constants import AccessAction
from care.schema.death_notices import DeathNotice, NoticeState
from care.schema.models import Client, Membership

DAY = timedelta(days=1)


def ask_whether_died(*, client_ids: Collection[int], told_on: date) -> int:
    """Ask of clients whether they died, as a file of a day says; return of how many it was not asked yet.

    Not of whom it is known or asked, nor where somebody denied it on that day or later, or of a newer file.
    """
    asked = Client.objects.filter(pk__in=client_ids, died_on=None).exclude(
        pk__in=_settled(client_ids, told_on).values("client")
    )
    # In one order, for workers beside each other may have files with the same people.
    rows = asked.order_by("pk").values_list("pk", "organisation_id")
    made = [
        DeathNotice(client_id=pk, organisation_id=organisation_id, told_on=told_on)
        for pk, organisation_id in rows
    ]
    DeathNotice.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _settled(client_ids: Collection[int], told_on: date) -> QuerySet[DeathNotice]:
    """Return the notices that a file of a day adds nothing to."""
    is_denied = Q(state__in=[NoticeState.DENIED, NoticeState.TAKEN_BACK], last_day__gte=told_on)
    answered_on = TruncDate(Greatest("answered_at", "taken_back_at"))
    notices = DeathNotice.objects.filter(client__in=client_ids)
    dated = notices.annotate(last_day=Greatest("told_on", answered_on))
    return dated.filter(is_denied | Q(state=NoticeState.OPEN))


def death_problem(client: Client, died_on: date, today: date) -> str | None:
    """Return why a client cannot have died on a day, in a sentence."""
    if client.died_on is not None:
        return _("Het overlijden is al vastgelegd.")
    if died_on > today:
        return _("Deze dag is nog niet geweest.")
    if died_on < client.in_care_from:
        return _("De zorg begon pas na deze dag. Kijk de dag na, of verbeter eerst de zorgperiode.")
    return None


def end_of_care_problem(died_on: date | None, care_until: date | None) -> str | None:
    """Return, in a sentence, that care would go on after somebody's death."""
    if died_on is None or (care_until is not None and care_until <= died_on + DAY):
        return None
    return _(
        "Deze cliënt is overleden: de zorg eindigt uiterlijk op de dag na het overlijden. "
        "Klopt het overlijden niet, draai dat dan eerst terug bij de cliënt."
    )


@transaction.atomic
def record_death(*, client: Client, died_on: date, by: Membership) -> Client:
    """Record when a client died, which ends care and answers what was asked. Raises ValidationError."""
    held = _held(client)
    problem = death_problem(held, died_on, timezone.localdate())
    if problem:
        raise ValidationError({"died_on": problem})
    notice = _open_notice(held) or DeathNotice(organisation_id=held.organisation_id, client=held)
    notice.died_on, notice.care_until = died_on, held.in_care_until
    _answer(notice, NoticeState.CONFIRMED, by)
    ends_on = died_on + DAY
    held.died_on = died_on
    held.in_care_until = min(held.in_care_until or ends_on, ends_on)
    held.save(update_fields=["died_on", "in_care_until"])
    access.record(membership=by, action=AccessAction.CHANGED, clients=[held])
    return held


@transaction.atomic
def deny_death(*, client: Client, by: Membership) -> bool:
    """Put away that a file says that a client died; return whether that was asked."""
    notice = _open_notice(_held(client))
    if notice is not None:
        _answer(notice, NoticeState.DENIED, by)
        access.record(membership=by, action=AccessAction.CHANGED, clients=[client])
    return notice is not None


@transaction.atomic
def take_back_death(*, client: Client, by: Membership) -> Client:
    """Undo a death that was recorded by mistake: care goes on as was known before. Once undone, no change."""
    held = _held(client)
    notice = DeathNotice.objects.filter(client=held, state=NoticeState.CONFIRMED).first()
    if notice is None or held.died_on is None:
        return held
    if held.in_care_until == held.died_on + DAY:
        held.in_care_until = notice.care_until
    held.died_on = None
    held.save(update_fields=["died_on", "in_care_until"])
    notice.state = NoticeState.TAKEN_BACK
    notice.taken_back_by, notice.taken_back_at = by.user, timezone.now()
    notice.save()
    access.record(membership=by, action=AccessAction.CHANGED, clients=[held])
    return held


def _answer(notice: DeathNotice, state: NoticeState, by: Membership) -> None:
    notice.state = state
    notice.answered_by, notice.answered_at = by.user, timezone.now()
    notice.save()


def _open_notice(client: Client) -> DeathNotice | None:
    return DeathNotice.objects.filter(client=client, state=NoticeState.OPEN).first()


def _held(client: Client) -> Client:
    return Client.objects.select_for_update(no_key=True, of=("self",)).get(pk=client.pk)
