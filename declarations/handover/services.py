"""Handing a made file over. Made is not handed over: until then any change of the facts can block it.

Whether a file may still go is looked at again whenever somebody is about to have it, and in every round.
Blocked it stays until it is made anew (`remaking`); handed over, it never changes.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Insurer, User
from care.tenancy import locks, scope
from declarations.decisions.fact_stamps import Stamp, stamp_now
from declarations.decisions.facts import fingerprint
from declarations.handover import last_looks
from declarations.handover.blocking import block, note_step, refuse_blocked, went_before_block
from declarations.handover.carried_records import Lapsed, lapsed_in, lapsed_since
from declarations.matching.after_export import not_too_old
from declarations.matching.queue import FAULTS
from declarations.progress import file_locks
from declarations.progress.file_states import move_file
from declarations.schema.constants import (
    WAITS_FOR_RELEASE,
    FileState,
    Handover,
)
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import BlockedError, FactsChangedError, WrongStateError
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken

log = logging.getLogger(__name__)


def examine(file: DeclarationFile) -> None:
    """Look whether a file that was made may still go, and block it if not; `file` tells how it stands then.

    Costs next to nothing while no fact was written. Not while it is made anew: that looks itself.
    """
    if not file_locks.is_being_made(file.pk):
        _look(file)


def _look(file: DeclarationFile) -> None:
    """Look at whom something was written of since the last look; at everybody where there was none."""
    today = timezone.localdate()
    facts = fingerprint(today)
    if file.handover not in WAITS_FOR_RELEASE or facts == file.facts_attached:
        return
    # Before the look: what is written meanwhile is looked at once more.
    before, now = last_looks.stamp_of(file), stamp_now(today)
    _note(file, facts, now, lapsed_since(file, before, now, today=today))


def _note(file: DeclarationFile, facts: str, stamp: Stamp, lapsed: Sequence[Lapsed]) -> None:
    """Write down what a look came to, unless another version counts by now, or somebody looked meanwhile."""
    with file_locks.lock_timeout():
        row = DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if row.version == file.version and row.handover in WAITS_FOR_RELEASE:
        if row.facts_attached == file.facts_attached:
            row.facts_attached = facts
            row.save(update_fields=["facts_attached"])
            last_looks.keep(row, stamp)
        if lapsed:
            block(row, lapsed)
    file.handover, file.version, file.facts_attached = row.handover, row.version, row.facts_attached


def release(*, file: DeclarationFile, user: User | None = None, token: ApiToken | None = None) -> None:
    """Let the insurer have a file that was made; twice changes nothing.

    Raises BlockedError when it holds a code that may not go (any more), WrongStateError for a file that was
    not made, a test file, one that is being made anew, and while many facts are written.
    """
    _refuse_unmade(file)
    with transaction.atomic():
        row = _settled(file, is_release=True)
        if row.handover in {Handover.MADE, Handover.DELIVERED}:
            hand_over(row, Handover.RELEASED, HandoverStep.RELEASED, user, token)
    file.handover = row.handover
    refuse_blocked(row)


def hand_over_outside(
    *, file: DeclarationFile, delivered_at: datetime, user: User | None = None, token: ApiToken | None = None
) -> None:
    """Let a file count as handed over, because it was delivered another way.

    Raises like release(). What was delivered before anybody could know that it is blocked, went.
    """
    _refuse_unmade(file)
    with transaction.atomic():
        row = _settled(file)
        if row.handover == Handover.MADE or _went_before_block(row, delivered_at):
            hand_over(row, Handover.DELIVERED, HandoverStep.DELIVERED, user, token)
    file.handover = row.handover
    refuse_blocked(row)


def _refuse_unmade(file: DeclarationFile) -> None:
    if file.is_test:
        raise WrongStateError(_("Dit is een proefbestand. Dat gaat nooit naar de verzekeraar."))
    if file.state != FileState.EXPORTED:
        raise WrongStateError(_("Het bestand met profielen is nog niet gemaakt."))
    file_locks.refuse_while_made(file.pk)


def _settled(file: DeclarationFile, *, is_release: bool = False) -> DeclarationFile:
    """Return a file as it stands, looked at while no fact can change, until the transaction ends.

    First without keeping anybody waiting: the second look is at whom something was written of in between.
    What was delivered is looked at where it is to be released too: blocked it is no more, only refused.
    """
    with file_locks.lock_timeout():
        row = DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if row.state != FileState.EXPORTED:
        raise WrongStateError(_("Dit bestand is ingetrokken. Er kan niets meer mee."))
    if not is_release and row.version != file.version:
        raise WrongStateError(_("Dit bestand is intussen opnieuw gemaakt. Leg de aanlevering opnieuw vast."))
    is_delivered = is_release and row.handover == Handover.DELIVERED
    today = timezone.localdate()
    before = stamp_now(today)
    lapsed = lapsed_in(row, today=today) if is_delivered else []
    _look(row)
    busy = _("Er worden nu veel gegevens van cliënten bijgewerkt. Probeer het over een minuut opnieuw.")
    with file_locks.lock_timeout(busy):
        locks.let_facts_stand(row.organisation_id)
    _look(row)
    if is_delivered and (lapsed or lapsed_since(row, before, stamp_now(today), today=today)):
        raise WrongStateError(
            _("Dit bestand is al aangeleverd. Er staat nu een code in die niet meer mag: geef het niet vrij.")
        )
    return row


def hand_over(
    row: DeclarationFile, handover: Handover, step: HandoverStep, user: User | None, token: ApiToken | None
) -> None:
    """Let a file count as handed over, whose row the transaction at hand has locked."""
    row.facts_seen = ""  # so that the next round asks for the corrections that are due from now on
    # The insurer may have joined the register while this file was written, and nobody else saw it.
    row.insurer = row.insurer or Insurer.objects.filter(uzovi=row.uzovi).first()
    move_file(row, handover=handover, also=["facts_seen", "insurer"])
    note_step(row, step, user=user, token=token)
    log.info("file_handed_over file=%s version=%d how=%s", row.public_id, row.version, handover)


def _went_before_block(row: DeclarationFile, delivered_at: datetime) -> bool:
    return row.handover == Handover.BLOCKED and went_before_block(row, row.version, delivered_at)


def refuse_lapsed(file: DeclarationFile, *, facts: str) -> None:
    """Take the last look at a file that was written just now, before it counts.

    `facts`: the fingerprint when the making began. Raises FactsChangedError.
    """
    today = timezone.localdate()
    stamp = stamp_now(today)
    now = fingerprint(today)
    lapsed = lapsed_in(file, today=today) if now != facts else []
    if lapsed:
        raise FactsChangedError([one.person for one in lapsed])
    file.facts_attached = now
    file.save(update_fields=["facts_attached"])
    last_looks.keep(file, stamp)


def examine_organisation(*, organisation_id: int) -> None:
    """Look at every made file that waits for its release, a scope and a transaction each.

    One that somebody makes anew is looked at then; test files when somebody wants to fetch them.
    """
    for file_id in _to_look_at(organisation_id, timezone.localdate()):
        with suppress(WrongStateError), scope.organisation(organisation_id):
            file = DeclarationFile.objects.get(pk=file_id)
            try:
                with transaction.atomic():
                    examine(file)
            except FAULTS as fault:
                log.warning("examine_failed file=%s fault=%s", file.public_id, type(fault).__name__)


def _to_look_at(organisation_id: int, today: date) -> list[int]:
    with scope.organisation(organisation_id):
        files = DeclarationFile.objects.filter(not_too_old(), handover__in=WAITS_FOR_RELEASE, is_test=False)
        if not files.exists():
            return []
        return list(
            files.exclude(facts_attached=fingerprint(today)).order_by("id").values_list("id", flat=True)
        )


def refuse_to_hand_out(file: DeclarationFile) -> None:
    """Raise BlockedError when a made file may not be fetched, looked at as of now.

    Raises WrongStateError for one that was taken back since, as nothing was left of it.
    """
    if file.state != FileState.EXPORTED:
        raise WrongStateError(_("Dit bestand is ingetrokken. Er kan niets meer mee."))
    if file.handover == Handover.MADE:
        file_locks.refuse_while_made(file.pk)
        _look(file)
    refuse_blocked(file)


def blocked_when_handed_out(file: DeclarationFile) -> BlockedError | None:
    """Return why a made file may not be fetched, looked at as of now; None where it may.

    For whoever ends the transaction in which that was written before refusing. Raises WrongStateError.
    """
    try:
        refuse_to_hand_out(file)
    except BlockedError as refusal:
        return refusal
    return None
