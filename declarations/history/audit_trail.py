"""The trail of a profile: finished, queued, attached as a record of a file, made, fetched, answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from care.schema.models import User
from declarations.decisions.stored import performances_from_json
from declarations.delivery import deliveries
from declarations.handover import blocking
from declarations.insurers import disclosures
from declarations.queries.reply_queries import answers_to
from declarations.queries.selectors import events_of, export_of
from declarations.schema.constants import AttachmentKind, AttachmentState, FileKind, FileState, Reason
from declarations.schema.delivery_constants import HandoverStep, ReplyStatus
from declarations.schema.delivery_models import Delivery, RecordReply
from declarations.schema.disclosure_models import Download
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from declarations.schema.tokens import ApiToken
from declarations.storage.lines import file_of, place_of
from profiles.schema.models import ClientProfile
from questionnaires.schema.models import AnamneseStatus

ONE_MINUTE = timedelta(minutes=1)
_ANSWERED = (AttachmentState.ACCEPTED, AttachmentState.REJECTED)


@dataclass(frozen=True, slots=True)
class TrailStep:
    """Something that happened: what, when, and who did it (empty: the system)."""

    what: str
    at: datetime
    who: str = ""
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """What became of one profile record, oldest first.

    `line` is its line in `file`, the one that it is in or comes in; None while it waits for a separate one.
    """

    record: ProfileRecord
    file: DeclarationFile
    line: int | None
    is_made: bool
    steps: tuple[TrailStep, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything known of where a profile went: its beginning, its records, and where it did not go along."""

    beginning: tuple[TrailStep, ...]
    ways: tuple[Way, ...]
    waiting: tuple[Attachment, ...]


def trail_of(profile: ClientProfile) -> Trail:
    """Return the whole trail of a profile. Amounts are nowhere in it."""
    records = ProfileRecord.objects.filter(profile=profile)
    rows = records.select_related(
        "attachment__file__insurer", "delivered_in__insurer", "profile__anamnese__nurse"
    ).order_by("id")
    ways = tuple(way_of(row) for row in rows)
    return Trail(beginning_of(profile), ways, tuple(_without(profile)))


def beginning_of(profile: ClientProfile) -> tuple[TrailStep, ...]:
    """Return when the anamnese of a profile was finished, and by whom."""
    anamnese = profile.anamnese
    finished = anamnese.events.filter(to_state=AnamneseStatus.FINISHED).select_related("user").first()
    who = anamnese.nurse.name if anamnese.nurse else ""
    if finished is not None and finished.user is not None:
        who = finished.user.name
    at = finished.at if finished is not None else profile.created_at
    return (TrailStep(_("Anamnese afgerond"), at, who),)


def way_of(row: ProfileRecord) -> Way:
    """Return what became of one profile record, from the anamnese on."""
    item, file, line = row.attachment, file_of(row), place_of(row)
    is_made = line is not None and export_of(file) is not None
    steps = [*beginning_of(row.profile), *_of_item(item, file, line)]
    if is_made:
        steps += list(_handed_over(file))
        steps += [_fetched(each) for each in disclosures.of_file(file)]
        steps += [_delivered(each) for each in deliveries.of_file(file)]
        steps += [_answered(each) for each in answers_to(row)]
    return Way(row, file, line, is_made, _in_order(steps))


def _in_order(steps: list[TrailStep]) -> tuple[TrailStep, ...]:
    """Sort by time; what was typed as a minute without seconds comes after what was made in that minute."""
    return tuple(sorted(steps, key=lambda step: step.at if step.is_exact else step.at + ONE_MINUTE))


def _of_item(item: Attachment, file: DeclarationFile, line: int | None) -> Iterator[TrailStep]:
    for event in events_of(item):
        state = AttachmentState(event.to_state)
        who = event.user.name if event.user else ""
        if state == AttachmentState.QUEUED and not event.from_state:
            about = {"number": item.file.invoice_number}
            yield TrailStep(_("In de wachtrij met factuur %(number)s") % about, event.at, who)
        elif state in _ANSWERED:
            continue  # said per record, with the reason
        elif state == AttachmentState.ATTACHED:
            yield TrailStep(_("Toegevoegd als profielregel"), event.at, who)
        elif state == AttachmentState.EXPORTED:
            yield TrailStep(_written(file, line), event.at, who)
        else:
            yield TrailStep(_with_reason(state, event.reason), event.at, who)


def _written(file: DeclarationFile, line: int | None) -> str:
    about = {"number": file.invoice_number, "line": line}
    if file.kind == FileKind.SEPARATE:
        return _("In het aparte bestand %(number)s gezet, als regel %(line)d") % about
    return _("In het bestand gezet, als regel %(line)d") % about


def _with_reason(state: AttachmentState, reason: str) -> str:
    words = str(state.label).capitalize()
    return f"{words}: {Reason(reason).label}" if reason else words


def _handed_over(file: DeclarationFile) -> Iterator[TrailStep]:
    """Yield when a file was blocked, made anew and released; the rest is told already."""
    words = {
        HandoverStep.BLOCKED: _("Het bestand is geblokkeerd"),
        HandoverStep.ANEW: _("Het bestand is opnieuw gemaakt, met deze regel"),
        HandoverStep.RELEASED: _("Vrijgegeven voor de verzekeraar"),
    }
    for row in blocking.events_of(file):
        what = words.get(HandoverStep(row.step))
        if what:
            yield TrailStep(what, row.at, _who(row.user, row.token))


def _delivered(row: Delivery) -> TrailStep:
    what = _("Aangeleverd bij de verzekeraar")
    if row.receipt:
        what = _("Aangeleverd bij de verzekeraar, ontvangstnummer %(receipt)s") % {"receipt": row.receipt}
    typed = row.delivered_at
    is_exact = bool(typed.second or typed.microsecond)
    return TrailStep(what, typed, _who(row.user, row.token), is_exact)


def _answered(row: RecordReply) -> TrailStep:
    if row.status == ReplyStatus.ACCEPTED:
        what = _("Aanvaard door de verzekeraar")
    else:
        what = _("Teruggekomen van de verzekeraar: “%(reason)s”") % {"reason": row.reason}
    return TrailStep(what, row.at, _who(row.reply.user, row.reply.token))


def _who(user: User | None, token: ApiToken | None) -> str:
    """Return the name of who did it: a person, or a program."""
    return user.name if user else token.name if token else ""


def _fetched(row: Download) -> TrailStep:
    who = _who(row.user, row.token)
    where = row.insurer.name if row.insurer else _("eigen organisatie")
    return TrailStep(_("Bestand opgehaald (%(where)s)") % {"where": where}, row.at, who)


def _without(profile: ClientProfile) -> Iterator[Attachment]:
    """Yield the persons of files whose care fell under the profile, and with whom it did not go along."""
    items = Attachment.objects.filter(client=profile.client, kind=AttachmentKind.REGULAR)
    items = items.exclude(records__profile=profile).exclude(file__state=FileState.WITHDRAWN)
    for item in items.select_related("file__insurer").order_by("id"):
        days = (line.days for line in performances_from_json(item.performances) if line.is_debit)
        if any(span.first in profile.period for span in days):
            yield item
