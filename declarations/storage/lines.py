"""One record of a stored file: read without the others, whose it is, and where a profile record stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from care import tables
from care.schema import crypto
from care.tenancy import scope
from declarations import aw319
from declarations.aw319 import ProfileRecordFields
from declarations.aw319.layout import ENCODING, FIELDS
from declarations.queries.selectors import DECIDED, export_of
from declarations.schema.constants import AttachmentKind, ChunkKind, DeliveryMode, FileKind, FileState
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from declarations.storage import chunks

PLACES_AT_ONCE = 2_000
NUMBERS_COLUMNS = ("oud", "nieuw", "referentie")
_PERSON = slice(14, 27)  # 0203 and 0204 in a record 02, 0403 and 0404 in a 04
_DUMMY = "9" * 9
_KEYED = {b"02", b"04"}
_SHOWN = ("profile__anamnese__nurse", "attachment__file", "delivered_in")
_FIRST_ALONE = 3  # behind the header and the person's own record


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record as it stands, or will stand, in a content; `number` is its line, `last` the content's last.

    `item` is the insured person that it is about (None: a header or a trailer), `inserted` the profile record
    that it is, where it is one.
    """

    kind: ChunkKind
    number: int
    last: int
    record: bytes = field(repr=False)
    item: Attachment | None
    inserted: ProfileRecord | None = None


def line_of(file: DeclarationFile, kind: ChunkKind, number: int) -> RecordLine:
    """Return one line of a file as it came in, or of what was made of it. Raises Http404 beyond its end."""
    last = _last_line(file, kind)
    if not 1 <= number <= last:
        raise Http404(_("Deze regel bestaat niet in dit bestand."))
    record = chunks.record_at(file, number, kind)
    item = _item_of(file, kind, number)
    return RecordLine(kind, number, last, record, item, _inserted(item, kind, record))


def _last_line(file: DeclarationFile, kind: ChunkKind) -> int:
    if kind == ChunkKind.ORIGINAL:
        return 0 if file.kind == FileKind.SEPARATE else file.record_count
    export = export_of(file)
    # What was withdrawn has no version that counts.
    return export.record_count if export and file.state == FileState.EXPORTED else 0


def _item_of(file: DeclarationFile, kind: ChunkKind, line: int) -> Attachment | None:
    """Return whose line it is; a comment is about the person of the record above it."""
    record = next(above for above in _upwards(file, kind, line) if above[:2] != b"98")
    if record[:2] not in _KEYED:
        return None
    if file.kind == FileKind.SEPARATE:
        # A person's own record stands right above the first profile record.
        return records_in(file).filter(delivered_line__gte=line)[0].attachment
    key = record[_PERSON].decode(ENCODING)
    bsn, uzovi = key[:9], key[9:]
    hashed = None if bsn == _DUMMY else crypto.bsn_hash(bsn, organisation_id=file.organisation_id)
    whose = Q(bsn_hash__isnull=True) if hashed is None else Q(bsn_hash=hashed)
    items = Attachment.objects.filter(whose, file=file, kind=AttachmentKind.REGULAR, uzovi=uzovi)
    return items.select_related("client").first()


def _upwards(file: DeclarationFile, kind: ChunkKind, line: int) -> Iterator[bytes]:
    return (chunks.record_at(file, number, kind) for number in range(line, 0, -1))


def _inserted(item: Attachment | None, kind: ChunkKind, record: bytes) -> ProfileRecord | None:
    if item is None or kind != ChunkKind.EXPORT or record[:2] != b"04":
        return None
    reference = FIELDS["0431"].of(record).decode(ENCODING).rstrip()
    rows = ProfileRecord.objects.select_related(*_SHOWN)
    return rows.filter(organisation=item.organisation_id, reference=reference).first()


def records_in(file: DeclarationFile) -> QuerySet[ProfileRecord]:
    """Return the profile records that are, or will be, in what is made of a file, in its order.

    Those that go in a separate file are in that one only.
    """
    rows = ProfileRecord.objects.select_related(*_SHOWN)
    if file.kind == FileKind.SEPARATE:
        return rows.filter(delivered_in=file).order_by("delivered_line")
    return rows.filter(
        attachment__file=file,
        attachment__kind=AttachmentKind.REGULAR,
        attachment__state__in=DECIDED,
        form=DeliveryMode.IN_FILE,
    ).order_by("attachment__placement_line", "number")


def file_of(row: ProfileRecord) -> DeclarationFile:
    """Return the file that a profile record is in or comes in; for one that waits, where its care stands."""
    return row.delivered_in or row.attachment.file


def place_of(row: ProfileRecord) -> int | None:
    """Return the line of a profile record in what is made; None while it waits for a separate file."""
    if row.form == DeliveryMode.SEPARATE:
        return row.delivered_line
    return row.attachment.placement_line + rank_of(row)


def rank_of(row: ProfileRecord) -> int:
    """Return the place of a profile record among those in its file, from 1; final once that was made."""
    at = row.attachment.placement_line
    before = Q(attachment__placement_line__lt=at) | Q(attachment__placement_line=at, number__lte=row.number)
    return records_in(row.attachment.file).filter(before).count()


def made_line(row: ProfileRecord) -> RecordLine:
    """Return a profile record as it is in the file that was made, or as it will be.

    One that waits for a separate file is shown as it would stand there alone.
    """
    if row.delivered_in is not None and row.delivered_line is not None:
        return line_of(row.delivered_in, ChunkKind.EXPORT, row.delivered_line)
    if row.form == DeliveryMode.SEPARATE:
        record = aw319.profile_record(_insured_above(row.attachment), _FIRST_ALONE - 1, _fields_of(row))
        return RecordLine(ChunkKind.EXPORT, _FIRST_ALONE, _FIRST_ALONE + 1, record, row.attachment, row)
    return _line_inside(row)


def _line_inside(row: ProfileRecord) -> RecordLine:
    item, rank = row.attachment, rank_of(row)
    number = item.placement_line + rank
    if export_of(item.file) is not None:
        return line_of(item.file, ChunkKind.EXPORT, number)
    above = chunks.record_at(item.file, item.placement_line)
    record = aw319.profile_record(_insured_above(item), int(above[2:14]) + rank, _fields_of(row))
    last = item.file.record_count + records_in(item.file).count()
    return RecordLine(ChunkKind.EXPORT, number, last, record, item, row)


def _insured_above(item: Attachment) -> bytes:
    upwards = _upwards(item.file, ChunkKind.ORIGINAL, item.placement_line)
    return next(record for record in upwards if record[:2] == b"02")


def _fields_of(row: ProfileRecord) -> ProfileRecordFields:
    return ProfileRecordFields(
        first_day=row.first_day,
        last_day=row.last_day,
        list_code=row.list_code,
        performance_code=row.performance_code,
        time_unit=row.time_unit,
        performer=row.attachment.performer,
        reference=row.reference,
    )


def refuse_without_numbers(file: DeclarationFile) -> None:
    """Raise WrongStateError for a separate file: it comes from no original of which numbers could change."""
    if file.kind == FileKind.SEPARATE:
        raise WrongStateError(_("Een apart bestand heeft geen oude nummers: er is niets ingelezen."))


def numbers_csv(file: DeclarationFile) -> Iterator[str]:
    """Yield the old and new detail numbers of an exported file as CSV, in flat memory.

    For a response that is sent after the scope at hand has closed: every stretch is read in a scope like it.
    Whether the file has been exported is for the caller to know.
    """
    whose = scope.current()
    original = chunks.stream(file, ChunkKind.ORIGINAL)

    rows = aw319.renumbered(aw319.read(original), _placed(whose, file))
    return tables.for_people(NUMBERS_COLUMNS, ((row.old, row.new, row.reference) for row in rows))


def _placed(whose: scope.Scope, file: DeclarationFile) -> Iterator[tuple[int, str]]:
    """Yield behind which line each profile record went, and its reference."""
    after = (0, 0)
    while batch := _places(whose, file, after):
        yield from ((line, reference) for line, _number, reference in batch)
        after = batch[-1][:2]


def _places(whose: scope.Scope, file: DeclarationFile, after: tuple[int, int]) -> list[tuple[int, int, str]]:
    line, number = after
    behind = Q(line__gt=line) | Q(line=line, number__gt=number)
    with scope.activate(whose):
        rows = records_in(file).annotate(line=F("attachment__placement_line")).filter(behind)
        return list(rows.values_list("line", "number", "reference")[:PLACES_AT_ONCE])
