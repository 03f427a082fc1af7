"""The profile records that a made file carries, and the persons of whom they may no longer go.

Nothing here knows which facts there are: each person is decided on as of now, and the file must say nothing
that the decision does not say.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Mod

from care.schema.models import Client
from declarations.decisions.decision import Decision, Record
from declarations.decisions.fact_stamps import BUCKETS, Stamp
from declarations.decisions.facts import COLUMNS, Facts, Item, facts_about, items
from declarations.matching.after_export import COMPARED
from declarations.matching.queue import BATCH, FAULTS
from declarations.progress.query_hints import whole_tables
from declarations.schema.constants import GONE, AttachmentState, DeliveryMode, FileKind, Reason
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord

EVERYBODY: Final = Q()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A person (row of the queue) of whom a record may not go as it is; no reason: it would be another."""

    person: int
    reason: Reason


def records_carried_by(file: DeclarationFile) -> QuerySet[ProfileRecord]:
    """Return the profile records that stand in the file that was made, or in this separate file."""
    if file.kind == FileKind.SEPARATE:
        return ProfileRecord.objects.filter(delivered_in=file).order_by("id")
    own = Q(attachment__file=file, form=DeliveryMode.IN_FILE, attachment__state__in=GONE)
    return ProfileRecord.objects.filter(own).order_by("id")


def lapsed_since(file: DeclarationFile, before: Stamp | None, now: Stamp, *, today: date) -> list[Lapsed]:
    """Return who lapsed since a look at everybody, which began at `before`: only who was written of can.

    Where there was none, everybody is looked at. `now`: taken before this look.
    """
    touched = now.touched_since(before) if before else None
    if touched is None:
        return lapsed_in(file, today=today)
    if not touched:
        return []
    clients = Client.objects.annotate(bucket=Mod(F("id"), BUCKETS)).filter(
        organisation=file.organisation_id, bucket__in=touched
    )
    theirs = Q(profile__client__in=clients.values("id")) | Q(
        attachment__bsn_hash__in=clients.values("bsn_hash")
    )
    return lapsed_in(file, today=today, among=theirs)


def lapsed_in(file: DeclarationFile, *, today: date, among: Q = EVERYBODY) -> list[Lapsed]:
    """Return the persons of a made file of whom the decision of today does not give what the file says.

    A decision that gives more than the file says is no reason: what the file says may go.
    """
    # Of everybody whole tables are read; of few that would take longer than to look each of them up.
    with whole_tables() if among is EVERYBODY else nullcontext():
        carried = records_carried_by(file).filter(among)
        persons = sorted(set(carried.values_list("attachment_id", flat=True)))
    found: list[Lapsed] = []
    for at in range(0, len(persons), BATCH):
        found += _lapsed_among(file, persons[at : at + BATCH], today)
    return found


def _lapsed_among(file: DeclarationFile, persons: Sequence[int], today: date) -> list[Lapsed]:
    rows = items(Attachment.objects.filter(pk__in=persons).order_by("id").values_list(*COLUMNS))
    facts, said = facts_about(file.organisation_id, rows, today=today), _said_of(file, persons)
    is_apart = file.kind == FileKind.SEPARATE
    looked = ((row, _reason_now(row, facts, said[row.id], is_apart=is_apart)) for row in rows)
    return [Lapsed(row.id, reason) for row, reason in looked if reason is not None]


def _said_of(file: DeclarationFile, persons: Sequence[int]) -> Mapping[int, list[Record]]:
    """Return what the file says of these persons."""
    here = Q(delivered_in=file) if file.kind == FileKind.SEPARATE else Q(form=DeliveryMode.IN_FILE)
    found: dict[int, list[Record]] = defaultdict(list)
    rows = ProfileRecord.objects.filter(here, attachment__in=persons).order_by("attachment", "number")
    for person, *values in rows.values_list("attachment_id", *COMPARED):
        found[person].append(Record(*values))
    return found


def _reason_now(row: Item, facts: Facts, said: Sequence[Record], *, is_apart: bool) -> Reason | None:
    """Return why what was said of a person may not go; None where it may."""
    try:
        outcome = facts.decide(row, is_late=is_apart).outcome
    except FAULTS as fault:
        log.warning("made_undecided attachment=%d fault=%s", row.id, type(fault).__name__)
        return Reason.TECHNICAL_ERROR
    if all(_is_given(record, outcome.records, any_form=is_apart) for record in said):
        return None
    return _reason_of(outcome)


def _is_given(said: Record, given: Sequence[Record], *, any_form: bool) -> bool:
    """Tell whether a decision gives a record for all of its days: the rest of them may have gone before."""
    return any(
        _content_of(one) == _content_of(said)
        and one.first_day <= said.first_day
        and said.last_day <= one.last_day
        and (any_form or one.form == said.form)
        for one in given
    )


def _content_of(record: Record) -> tuple[int, str, str, str]:
    return record.profile_id, record.list_code, record.performance_code, record.time_unit


def _reason_of(outcome: Decision) -> Reason:
    if outcome.state == AttachmentState.ATTACHED:
        return Reason.NONE
    return outcome.before or outcome.reason
