"""How files and the persons in them are shown: words, days and links beside what the selectors give."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from care.days import Span
from declarations import aw319
from declarations.decisions.decision import profile_for
from declarations.decisions.inputs import Performance
from declarations.decisions.stored import Detail, detail_from_json, performances_from_json
from declarations.matching import after_export
from declarations.matching.advice import advice, is_helped_by_trying
from declarations.progress import file_locks
from declarations.queries import selectors
from declarations.schema.constants import (
    HELD_AFTER_GOING,
    AttachmentKind,
    AttachmentState,
    FileState,
    MissingPart,
    Reason,
)
from declarations.schema.models import Attachment, DeclarationFile
from declarations.storage import chunks
from profiles.timeline.selectors import ProfileSpan, profiles_of

# Who needs somebody comes first.
_ORDER = (
    AttachmentState.HELD,
    AttachmentState.REJECTED,
    AttachmentState.QUEUED,
    AttachmentState.ATTACHED,
    AttachmentState.EXPORTED,
    AttachmentState.ACCEPTED,
    AttachmentState.EXCLUDED,
)
# Of the person's own record; the performances, with their amounts, are not shown.
SHOWN_FIELDS = ("0203", "0204", "0205", "0207", "0210", "0211", "0213", "0214", "0215")


@dataclass(frozen=True, slots=True)
class FileGroup:
    """The persons of a file in one state for one reason, with what to do now."""

    state: AttachmentState
    label: Any
    advice: Any
    count: int
    oldest: datetime
    reason: str
    url: str
    is_waiting: bool
    can_retry: bool
    can_exclude: bool
    can_ask: bool
    can_include: bool
    causes: tuple[selectors.Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One person of a file in a list, by name or else by place in the file.

    `cause` is what still holds back who is held of a file that went.
    """

    item: Attachment
    name: str
    days: Span | None
    cause: Any


@dataclass(frozen=True, slots=True)
class PerformanceLine:
    """One performance of a person, with the profile that was in force then (None: there was none)."""

    performance: Performance
    profile: ProfileSpan | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to a person of a file; `user` is empty where the system did it."""

    state: Any
    reason: Any
    at: datetime
    user: str


def file_groups(file: DeclarationFile) -> list[FileGroup]:
    """Return the persons of a file per state and reason, those who need somebody first."""
    groups = sorted(selectors.groups(file), key=lambda group: (_ORDER.index(group.state), -group.count))
    can_change = is_changeable(file)
    goes_on = file.state == FileState.EXPORTED and not after_export.is_over(file)
    causes = selectors.causes(file) if goes_on else []
    return [_file_group(file, group, causes, can_change=can_change) for group in groups]


def is_changeable(file: DeclarationFile) -> bool:
    """Tell whether an officer can still change who goes along: not once the file is being made."""
    return file.state == FileState.IMPORTED and not file_locks.is_being_made(file.pk)


def _file_group(
    file: DeclarationFile,
    group: selectors.ReasonGroup,
    causes: Iterable[selectors.Cause],
    *,
    can_change: bool,
) -> FileGroup:
    own = tuple(
        cause
        for cause in causes
        if (group.kind, group.state, group.reason) == (cause.kind, AttachmentState.HELD, cause.reason)
    )
    is_held, is_open = group.state == AttachmentState.HELD, file.state == FileState.IMPORTED
    waits = is_held or group.state == AttachmentState.QUEUED
    return FileGroup(
        state=group.state,
        label=_label(group),
        advice=advice_about(file, group.state, group.reason),
        count=group.count,
        oldest=group.oldest,
        reason=group.reason,
        url=items_url(file, state=group.state, reason=group.reason, kind=group.kind),
        is_waiting=waits
        and (is_open or (group.reason == Reason.CORRECTION_DUE and not after_export.is_over(file))),
        can_retry=is_held and can_change and is_helped_by_trying(group.reason),
        can_exclude=is_held and can_change,
        can_ask=(is_held and can_change and group.reason == Reason.NO_VALID_PROFILE) or _missed(own),
        can_include=can_change and group.reason == Reason.EXCLUDED_BY_OFFICER,
        causes=own,
    )


def _label(group: selectors.ReasonGroup) -> Any:
    label = Reason(group.reason).label if group.reason else group.state.label
    if group.kind != AttachmentKind.CORRECTION or group.reason in {Reason.CORRECTION_DUE, Reason.RETURNED}:
        return label
    return _("correctie: %(state)s") % {"state": label}


def _missed(causes: Iterable[selectors.Cause]) -> bool:
    """Tell whether an anamnese would still let somebody go of a file that went."""
    return any(cause.cause == Reason.NO_VALID_PROFILE for cause in causes)


def advice_about(
    file: DeclarationFile, state: str, reason: str, missing: MissingPart = MissingPart.NONE
) -> Any:
    """Return what to do about persons of a file in one state for one reason; empty where there is nothing."""
    is_attached = state == AttachmentState.ATTACHED
    goes_apart = is_attached or reason in {*HELD_AFTER_GOING, Reason.RETURNED}
    if goes_apart and after_export.is_over(file):
        if file.is_test:
            return _("Dit is een proefbestand. Er gaat niets van naar de verzekeraar.")
        return _("Dit bestand is te lang geleden gemaakt. Dit profiel gaat niet meer mee.")
    if is_attached and not reason and file.state == FileState.EXPORTED:
        return _("Dit profiel kwam na het maken van het bestand. Het wacht op het volgende aparte bestand.")
    return advice(reason, missing)


def items_url(file: DeclarationFile, *, state: str, reason: str, kind: str = AttachmentKind.REGULAR) -> str:
    """Return the address of the persons of a file in one state for one reason, or of its corrections."""
    wanted = {"staat": state, "reden": reason}
    wanted |= {"soort": kind} if kind != AttachmentKind.REGULAR else {}
    return f"{reverse('queue-list', args=[file.public_id])}?{urlencode(wanted)}"


def control_total(file: DeclarationFile) -> str:
    """Return the file's own closing total as it is written there, with a comma and points to read it by."""
    digits, sign = file.control_total[:11], file.control_total[11:]
    euros = f"{int(digits[:-2]):,}".replace(",", ".")
    return f"{'-' if sign == 'C' else ''}€ {euros},{digits[-2:]}"


def item_lines(file: DeclarationFile, items: Iterable[Attachment]) -> list[ItemLine]:
    """Return persons of a file with their names, the days of their care, and what still holds them back."""
    is_over = after_export.is_over(file)
    return [
        ItemLine(
            item,
            _name_of(item),
            days_of(performances_from_json(item.performances)),
            "" if is_over else _cause_of(item),
        )
        for item in items
    ]


def _name_of(item: Attachment) -> str:
    if item.client:
        return item.client.name
    return _("Verzekerde %(number)s in het bestand") % {"number": number_in_file(item)}


def _cause_of(item: Attachment) -> Any:
    is_late = item.state == AttachmentState.HELD and item.reason in HELD_AFTER_GOING
    before = detail_of(item).before if is_late else None
    return before.label if before else ""


def days_of(performances: Iterable[Performance]) -> Span | None:
    """Return the first and the last day of performances."""
    spans = [performance.days for performance in performances]
    if not spans:
        return None
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def performance_lines(item: Attachment) -> list[PerformanceLine]:
    """Return the performances of a person in order of the file, each with the profile of its days."""
    profiles = profiles_of([item.client_id]).get(item.client_id, []) if item.client_id else []
    return [
        PerformanceLine(line, profile_for(line.days, profiles) if line.counts else None)
        for line in performances_from_json(item.performances)
    ]


def event_lines(item: Attachment) -> list[EventLine]:
    """Return what happened to a person of a file, oldest first, in words."""
    return [
        EventLine(
            state=AttachmentState(event.to_state).label,
            reason=Reason(event.reason).label,
            at=event.at,
            user=event.user.name if event.user else "",
        )
        for event in selectors.events_of(item)
    ]


def reason_label(item: Attachment) -> str:
    """Return the reason of a person's state, and which part of a basis is missing where that is known."""
    missing = detail_of(item).missing
    label = str(Reason(item.reason).label)
    return f"{label}: {missing.label}" if missing and item.reason == Reason.NO_LEGAL_BASIS else label


def detail_of(item: Attachment) -> Detail:
    """Return more about the reason of a person's state."""
    return detail_from_json(item.detail)


def queued_again(count: int) -> str:
    """Return in a sentence how many persons of a file are decided on anew."""
    sentence = ngettext(
        "%(count)d verzekerde staat weer in de wachtrij.",
        "%(count)d verzekerden staan weer in de wachtrij.",
        count,
    )
    return sentence % {"count": count}


def tell_queued_again(request: HttpRequest, count: int) -> None:
    """Say whether one person is decided on anew; somebody else may have been first."""
    if count:
        messages.success(request, _("Deze verzekerde staat weer in de wachtrij."))
    else:
        messages.warning(request, _("Er is niets veranderd: deze verzekerde is intussen verder."))


def person_in_file(item: Attachment) -> list[tuple[str, str]]:
    """Return what the stored file itself says about who this is: names of fields, and values."""
    record = chunks.record_at(item.file, item.first_line)
    rows = [row for row in aw319.describe(record) if row.number in SHOWN_FIELDS and row.value.strip(" 0")]
    return [(row.name, _readable(row.number, row.value.strip())) for row in rows]


def number_in_file(item: Attachment) -> int:
    """Return which person of the file this is: corrections, also of corrections, have their own numbers."""
    while item.corrects:
        item = item.corrects.attachment
    if item.kind == AttachmentKind.REGULAR:
        return item.number
    # The rest of somebody of whom another record went: nothing of it is corrected.
    regular = Attachment.objects.filter(
        file=item.file_id, kind=AttachmentKind.REGULAR, bsn_hash=item.bsn_hash, uzovi=item.uzovi
    )
    return regular.values_list("number", flat=True).get()


def _readable(number: str, value: str) -> str:
    if number != "0207":
        return value
    day = date(int(value[:4]), int(value[4:6]), int(value[6:]))
    return f"{day:%d-%m-%Y}"
