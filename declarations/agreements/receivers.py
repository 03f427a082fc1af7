"""Which insurer receives for which, as people see it, and who waits for it to be recorded."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.schema.models import Insurer, Organisation
from care.schema.receivers import Receiver
from declarations.schema.constants import AttachmentState, FileState, MissingPart
from declarations.schema.models import Attachment


@dataclass(frozen=True, slots=True)
class ReceiverLine:
    """A receiver and where it stands today: `status` names the look, `standing` says it."""

    receiver: Receiver
    status: str
    standing: str

    @property
    def can_end(self) -> bool:
        """Tell whether there is an end to set: not for one that is over."""
        return self.status != "ended"


@dataclass(frozen=True, slots=True)
class Missing:
    """How many persons are held because an addressee (0108) does not receive for their insurer (0204)."""

    addressee: str
    insurer: str
    count: int
    addressee_id: int | None
    insurer_id: int | None


def lines(organisation: Organisation, today: date) -> list[ReceiverLine]:
    """Return what is recorded, by addressee and insurer, the latest begun first."""
    rows = Receiver.objects.filter(organisation=organisation).select_related("addressee", "insurer")
    return [_line(row, today) for row in rows.order_by("addressee__name", "insurer__name", "-valid_from")]


def _line(row: Receiver, today: date) -> ReceiverLine:
    if row.valid_from > today:
        return ReceiverLine(row, "queued", _("begint op %(day)s") % {"day": date_format(row.valid_from)})
    if row.valid_until is not None and row.valid_until <= today:
        return ReceiverLine(row, "ended", _("is afgelopen"))
    return ReceiverLine(row, "current", _("loopt"))


def missing(organisation: Organisation) -> list[Missing]:
    """Return the pairs for which persons are held, most persons first; withdrawn and test files aside."""
    held = Attachment.objects.filter(
        organisation=organisation,
        state=AttachmentState.HELD,
        detail__missing=MissingPart.RECEIVER,
        file__is_test=False,
    ).exclude(file__state=FileState.WITHDRAWN)
    pairs = held.order_by().values_list("file__uzovi", "uzovi").annotate(count=Count("id"))
    known = {row.uzovi: row for row in Insurer.objects.all()}
    found = [_missing(addressee, insurer, count, known) for addressee, insurer, count in pairs]
    return sorted(found, key=lambda pair: (-pair.count, pair.addressee, pair.insurer))


def _missing(addressee: str, insurer: str, count: int, known: dict[str, Insurer]) -> Missing:
    to, of = known.get(addressee), known.get(insurer)
    return Missing(
        addressee=f"{to.name} ({addressee})" if to else addressee,
        insurer=f"{of.name} ({insurer})" if of else insurer,
        count=count,
        addressee_id=to.pk if to else None,
        insurer_id=of.pk if of else None,
    )
