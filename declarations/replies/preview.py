"""What an answer of an insurer comes to: each line beside the record that it is about; nothing counts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nsmallest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.schema.models import Organisation
from declarations.delivery import deliveries
from declarations.handover.carried_records import records_carried_by
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.replies import reply_matching
from declarations.replies.reply_list import InsurerAnswer, read_list
from declarations.replies.reply_matching import Said, SentRecord
from declarations.schema.delivery_constants import SHOWN_ANSWERS, ReplyStatus
from declarations.schema.exceptions import DeclarationError, FileProblem, WrongStateError
from declarations.schema.models import DeclarationFile

REJECTED = ReplyStatus.REJECTED


class ReplyRefusedError(DeclarationError):
    """The list has mistakes: nothing of it was recorded. `problems` says which, by line."""

    def __init__(self, problems: tuple[FileProblem, ...]) -> None:
        sentence = ngettext(
            "De lijst is niet vastgelegd: er zit %(total)d fout in.",
            "De lijst is niet vastgelegd: er zitten %(total)d fouten in.",
            len(problems),
        )
        super().__init__(sentence % {"total": len(problems)})
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One answer beside the record that it is about.

    `differs`: it is another answer than the one that stands. `newer_at`: it was given before, and at that
    moment a newer one was recorded, which stands.
    """

    record: SentRecord
    status: ReplyStatus
    reason: str
    differs: bool
    line: int = 0
    newer_at: datetime | None = None

    @property
    def before(self) -> str:
        """The answer that stood (empty: none)."""
        return self.record.status

    @property
    def is_new(self) -> bool:
        """Whether it says anything that was not known, now or before."""
        return self.differs and self.newer_at is None


def _told(record: SentRecord, status: ReplyStatus, reason: str, line: int = 0) -> ReplyLine:
    differs = record.status != status or record.reason != reason
    return ReplyLine(record, status, reason, differs, line)


@dataclass(frozen=True, slots=True)
class ReplyPreview:
    """What recording an answer would come to. `outdated` ones were followed by a newer answer: see Told."""

    accepted: int
    rejected: int
    known: int
    others: int
    outdated: int
    told: tuple[ReplyLine, ...] = field(repr=False)


def as_shown(preview: ReplyPreview) -> str:
    """Return the first answers as they are kept for the page: new ones first, and of those what came back."""
    told = nsmallest(
        SHOWN_ANSWERS, preview.told, key=lambda each: (not each.is_new, each.status != REJECTED, each.line)
    )
    rows = [
        (each.record.id, each.status, each.reason, each.before, each.is_new, _moment(each.newer_at))
        for each in told
    ]
    return json.dumps(rows)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def preview_of_list(
    organisation: Organisation, content: bytes, *, unsent: int = 0, watcher: ProgressReporter = SILENT
) -> ReplyPreview:
    """Match a list with the records of an organisation. Raises ReplyRefusedError."""
    read = read_list(content, unsent=unsent)
    found = reply_matching.by_reference(organisation, [answer.reference for answer in read.answers], watcher)
    problems = (*read.problems, *_unknown(read.answers, found))
    if problems:
        raise ReplyRefusedError(tuple(sorted(problems, key=lambda problem: problem.line)))
    told = tuple(
        _told(found[answer.reference], answer.status, answer.reason, answer.line) for answer in read.answers
    )
    return _preview(_with_newer(told), read.others)


def _with_newer(told: tuple[ReplyLine, ...]) -> tuple[ReplyLine, ...]:
    """Find out which answers were given before and were followed by another one."""
    said = reply_matching.said_of([each.record.id for each in told if each.before and each.differs])
    return tuple(
        _beside_newer(each, said[each.record.id]) if each.record.id in said else each for each in told
    )


def _beside_newer(told: ReplyLine, said: Sequence[Said]) -> ReplyLine:
    is_repeated = any(each.status == told.status and each.reason == told.reason for each in said[:-1])
    return replace(told, newer_at=said[-1].at) if is_repeated else told


def _unknown(answers: Iterable[InsurerAnswer], found: dict[str, SentRecord]) -> list[FileProblem]:
    """Return a problem for each answer about a record that is not there, or that has not gone anywhere."""
    carriers = {row.carrier for row in found.values()}
    delivered = deliveries.delivered_among(carriers)
    problems = []
    for answer in answers:
        sentence = _refusal(found.get(answer.reference), delivered)
        if sentence:
            problems.append(FileProblem(answer.line, "referentie", "", sentence))
    return problems


def _refusal(row: SentRecord | None, delivered: set[int]) -> str:
    if row is None:
        return _("Dit nummer komt in geen enkel bestand van jouw organisatie voor.")
    if not row.has_gone:
        return _("Deze profielregel zit nog in geen enkel bestand dat is gemaakt.")
    if row.carrier not in delivered:
        return _("Het bestand met deze profielregel is nog niet aangeleverd. Leg dat eerst vast.")
    return ""


def _preview(told: tuple[ReplyLine, ...], others: int) -> ReplyPreview:
    new = [each for each in told if each.is_new]
    rejected = sum(each.status == REJECTED for each in new)
    outdated = sum(each.newer_at is not None for each in told)
    known = len(told) - len(new) - outdated
    return ReplyPreview(len(new) - rejected, rejected, known, others, outdated, told)


def preview_of_file(
    file: DeclarationFile, status: ReplyStatus, reason: str = "", *, may_be_old: bool = False
) -> ReplyPreview:
    """Return what one answer about a whole file comes to. Raises WrongStateError.

    `may_be_old`: a program sends it, perhaps once more; what a person fills in now is new.
    """
    if not deliveries.delivered_among([file.pk]):
        raise WrongStateError(_("Dit bestand is nog niet aangeleverd. Leg dat eerst vast."))
    told = tuple(_told(row, status, reason) for row in reply_matching.among(records_carried_by(file)))
    return _preview(_with_newer(told) if may_be_old else told, 0)
