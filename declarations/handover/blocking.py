"""Files that may no longer go, and why; and what becomes of a file, step by step."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.audit.access import Program
from care.schema.models import User
from declarations.handover.carried_records import Lapsed
from declarations.progress.file_states import move_file
from declarations.schema.constants import (
    HANDED_OVER,
    DownloadKind,
    Handover,
    Reason,
)
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.delivery_models import BlockedPerson, HandoverEvent
from declarations.schema.disclosure_models import Download
from declarations.schema.exceptions import BlockedError
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken

# A round notices a change within seconds, and a minute is typed without its own.
log = logging.getLogger(__name__)

NOTICED_WITHIN = timedelta(minutes=1)


def block(file: DeclarationFile, lapsed: Sequence[Lapsed]) -> None:
    """Write down that a file, whose row the transaction at hand has locked, may not go because of persons."""
    BlockedPerson.objects.bulk_create(
        (
            BlockedPerson(
                organisation_id=file.organisation_id,
                file=file,
                version=file.version,
                attachment_id=one.person,
                reason=one.reason,
            )
            for one in lapsed
        ),
        batch_size=2_000,
        ignore_conflicts=True,
    )
    if file.handover == Handover.BLOCKED:
        return
    move_file(file, handover=Handover.BLOCKED)
    note_step(file, HandoverStep.BLOCKED, count=len(lapsed))
    log.warning("file_blocked file=%s version=%d count=%d", file.public_id, file.version, len(lapsed))


def note_step(
    file: DeclarationFile,
    step: HandoverStep,
    *,
    count: int = 0,
    user: User | None = None,
    token: ApiToken | None = None,
) -> None:
    """Write down what happened to the version of a file that counts."""
    HandoverEvent.objects.create(
        organisation_id=file.organisation_id,
        file=file,
        version=file.version,
        step=step,
        count=count,
        user=user,
        token=token,
        at=timezone.now(),
    )


def token_of(program: Program | None) -> ApiToken | None:
    """Return the token of a program."""
    return ApiToken.objects.filter(public_id=program.public_id).first() if program else None


def went_before_block(file: DeclarationFile, version: int, delivered_at: datetime) -> bool:
    """Tell whether a version went before anybody could know that it may not; also where it was withdrawn."""
    withdrawn = HandoverEvent.objects.filter(
        file=file, step__in=(HandoverStep.WITHDRAWN, HandoverStep.DISSOLVED)
    )
    moments = [blocked_at(file, version), withdrawn.values_list("at", flat=True).first()]
    known = [moment for moment in moments if moment is not None]
    return all(delivered_at <= moment - NOTICED_WITHIN for moment in known)


def blocked_at(file: DeclarationFile, version: int | None = None) -> datetime | None:
    """Return when a version of a file was blocked: the one that counts unless one is named."""
    events = HandoverEvent.objects.filter(
        file=file, version=version or file.version, step=HandoverStep.BLOCKED
    )
    return events.values_list("at", flat=True).first()


def refuse_blocked(file: DeclarationFile) -> None:
    """Raise BlockedError for a file that is blocked."""
    if file.handover == Handover.BLOCKED:
        raise BlockedError([(_words(why.reason), why.count) for why in whys(file)])


def _words(reason: Reason) -> str:
    return str(reason.label) if reason else _("de profielregel zou nu anders zijn")


@dataclass(frozen=True, slots=True)
class BlockReason:
    """A reason why a file is blocked, and of how many persons."""

    reason: Reason
    count: int

    @property
    def label(self) -> str:
        """The reason in words."""
        return _words(self.reason)


def whys(file: DeclarationFile) -> list[BlockReason]:
    """Return why the version of a file that counts is blocked, the most persons first."""
    rows = blocked_persons(file).order_by().values_list("reason").annotate(count=Count("id"))
    return [BlockReason(Reason(reason), count) for reason, count in rows.order_by("-count", "reason")]


def blocked_persons(file: DeclarationFile) -> QuerySet[BlockedPerson]:
    """Return who blocks the version of a file that counts, in order of the file."""
    rows = BlockedPerson.objects.filter(file=file, version=file.version)
    return rows.select_related("attachment__client", "attachment__file").order_by(
        "attachment__file", "attachment__number", "id"
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """Who of the organisation has a version of a file, and since when."""

    who: str
    at: datetime


def fetched_of(file: DeclarationFile, version: int) -> list[Fetched]:
    """Return who of the organisation fetched a version of a file, or wrote it out by a command."""
    rows = Download.objects.filter(file=file, version=version, kind=DownloadKind.EXPORT)
    by_hand = rows.filter(insurer__isnull=True).select_related("user", "token")
    taken = HandoverEvent.objects.filter(file=file, version=version, step=HandoverStep.TAKEN)
    found = [
        Fetched(row.user.name if row.user else row.token.name if row.token else "", row.at) for row in by_hand
    ]
    found += [Fetched(_("opdrachtregel"), row.at) for row in taken]
    return sorted(found, key=lambda one: one.at)


def events_of(file: DeclarationFile) -> QuerySet[HandoverEvent]:
    """Return what happened to what was made of a file, oldest first."""
    return HandoverEvent.objects.filter(file=file).select_related("user", "token").order_by("at", "id")


def was_handed_over(file: DeclarationFile) -> bool:
    """Tell whether the insurer may have a file."""
    return file.handover in HANDED_OVER


def blocked_files(organisation_id: int) -> QuerySet[DeclarationFile]:
    """Return the files of an organisation that are blocked, for its start page; no test files."""
    files = DeclarationFile.objects.filter(organisation=organisation_id, handover=Handover.BLOCKED)
    fetched = Download.objects.filter(
        file=OuterRef("pk"), version=OuterRef("version"), kind=DownloadKind.EXPORT
    )
    taken = HandoverEvent.objects.filter(
        file=OuterRef("pk"), version=OuterRef("version"), step=HandoverStep.TAKEN
    )
    files = files.annotate(is_fetched=Exists(fetched) | Exists(taken))
    return files.filter(is_test=False).select_related("insurer").order_by("-id")
