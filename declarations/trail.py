"""The trail of a profile: finished, queued, attached as a record of a file, made, fetched, answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from declarations import downloads
from declarations.constants import AttachmentKind, AttachmentState, DownloadKind, FileKind, FileState, Reason
from declarations.lines import file_of, place_of
from declarations.models import Attachment, DeclarationFile, Download, ProfileRecord
from declarations.selectors import events_of, export_of
from declarations.stored import performances_from_json
from profiles.models import ClientProfile
from questionnaires.models import AnamneseStatus


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: what, when, and who did it (empty: the system)."""

    what: str
    at: datetime
    who: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What became of one profile record, oldest first.

    `line` is its line in `file`, the one that it is in or comes in; None while it waits for a separate one.
    """

    record: ProfileRecord
    file: DeclarationFile
    line: int | None
    is_made: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything known of where a profile went: its beginning, its records, and where it did not go along."""

    beginning: tuple[Step, ...]
    ways: tuple[Way, ...]
    waiting: tuple[Attachment, ...]


def trail_of(profile: ClientProfile) -> Trail:
    """Return the whole trail of a profile. Amounts are nowhere in it."""
    records = ProfileRecord.objects.filter(profile=profile, attachment__kind=AttachmentKind.REGULAR)
    rows = records.select_related(
        "attachment__file__insurer", "delivered_in__insurer", "profile__anamnese__nurse"
    ).order_by("id")
    ways = tuple(way_of(row) for row in rows)
    return Trail(beginning_of(profile), ways, tuple(_without(profile)))


def beginning_of(profile: ClientProfile) -> tuple[Step, ...]:
    """Return when the anamnese of a profile was finished, and by whom."""
    anamnese = profile.anamnese
    finished = anamnese.events.filter(to_state=AnamneseStatus.FINISHED).select_related("user").first()
    who = anamnese.nurse.name if anamnese.nurse else ""
    if finished is not None and finished.user is not None:
        who = finished.user.name
    at = finished.at if finished is not None else profile.created_at
    return (Step(_("Anamnese afgerond"), at, who),)


def way_of(row: ProfileRecord) -> Way:
    """Return what became of one profile record, from the anamnese on."""
    item, file, line = row.attachment, file_of(row), place_of(row)
    is_made = line is not None and export_of(file) is not None
    steps = [*beginning_of(row.profile), *_of_item(item, file, line)]
    if is_made:
        steps += [_fetched(each) for each in downloads.of_file(file) if each.kind == DownloadKind.EXPORT]
    return Way(row, file, line, is_made, tuple(sorted(steps, key=lambda step: step.at)))


def _of_item(item: Attachment, file: DeclarationFile, line: int | None) -> Iterator[Step]:
    for event in events_of(item):
        state = AttachmentState(event.to_state)
        who = event.user.name if event.user else ""
        if state == AttachmentState.QUEUED and not event.from_state:
            about = {"number": item.file.invoice_number}
            yield Step(_("In de wachtrij met factuur %(number)s") % about, event.at, who)
        elif state == AttachmentState.ATTACHED:
            yield Step(_("Toegevoegd als profielregel"), event.at, who)
        elif state == AttachmentState.EXPORTED:
            yield Step(_written(file, line), event.at, who)
        else:
            yield Step(_with_reason(state, event.reason), event.at, who)


def _written(file: DeclarationFile, line: int | None) -> str:
    about = {"number": file.invoice_number, "line": line}
    if file.kind == FileKind.SEPARATE:
        return _("In het aparte bestand %(number)s gezet, als regel %(line)d") % about
    return _("In het bestand gezet, als regel %(line)d") % about


def _with_reason(state: AttachmentState, reason: str) -> str:
    words = str(state.label).capitalize()
    return f"{words}: {Reason(reason).label}" if reason else words


def _fetched(row: Download) -> Step:
    who = row.user.name if row.user else row.token.name if row.token else ""
    where = row.insurer.name if row.insurer else _("eigen organisatie")
    return Step(_("Bestand opgehaald (%(where)s)") % {"where": where}, row.at, who)


def _without(profile: ClientProfile) -> Iterator[Attachment]:
    """Yield the persons of files whose care fell under the profile, and with whom it did not go along."""
    items = Attachment.objects.filter(client=profile.client, kind=AttachmentKind.REGULAR)
    items = items.exclude(records__profile=profile).exclude(file__state=FileState.WITHDRAWN)
    for item in items.select_related("file__insurer").order_by("id"):
        days = (line.days for line in performances_from_json(item.performances) if line.is_debit)
        if any(span.first in profile.period for span in days):
            yield item
