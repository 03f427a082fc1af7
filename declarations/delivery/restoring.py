"""An earlier version of a file that turns out to have been delivered: it is the one that counts after all.

It went before anybody could know that it may not, and the insurer has it. So what it said is written down
again as said: answers find it, whoever asks what went sees it, and what is no longer so is a correction due.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations import aw319
from declarations.aw319.layout import FIELDS
from declarations.delivery import remaking
from declarations.handover.carried_records import records_carried_by
from declarations.matching import deduplication
from declarations.progress.file_states import move_file
from declarations.schema.constants import (
    AttachmentState,
    ChunkKind,
    DeliveryMode,
    FileKind,
    FileState,
    Handover,
    Reason,
)
from declarations.schema.delivery_models import EarlierExport
from declarations.schema.exceptions import BrokenFileError, WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, ProfileRecord
from declarations.storage import chunks

_REFERENCE = FIELDS["0431"]

log = logging.getLogger(__name__)


def version_at(file: DeclarationFile, moment: datetime) -> EarlierExport | None:
    """Return the earlier version that counted at a moment; None where that was the one of now, or none.

    Of a file that was withdrawn all are earlier. A moment is typed as a minute without its seconds.
    """
    counts = file.state == FileState.EXPORTED
    if counts and moment >= file.export.made_at.replace(second=0, microsecond=0):
        return None
    made = [
        one
        for one in EarlierExport.objects.filter(file=file).order_by("version")
        if one.made_at.replace(second=0, microsecond=0) <= moment
    ]
    return made[-1] if made else None


def restore(file: DeclarationFile, earlier: EarlierExport) -> None:
    """Let an earlier version be what counts again, as a version with its bytes.

    The transaction at hand has locked the file, which nobody was given yet. What was handed over in another
    file by now under the same reference stays there. Raises WrongStateError while a separate file, made and
    not handed over, says the same (it would be said twice), and while a declaration of which it spoke is read
    in again under the same references.
    """
    if file.state == FileState.WITHDRAWN:
        move_file(file, state=FileState.EXPORTED, handover=Handover.MADE)
    remaking.keep(file, file.export, [])
    _copy(file, earlier)
    rows = list(_left_out_since(file, earlier.version))
    cut_short = _take_back(rows)
    if file.kind == FileKind.SEPARATE:
        remaking.undeliver(file)
    count = _write_records(file, rows)
    if file.kind == FileKind.SEPARATE:
        _place(file)
    _refuse_said_apart(file, [row["reference"] for row in rows])
    _refuse_incomplete(file, earlier)
    remaking.follow(cut_short)
    log.info("version_restored file=%s version=%d records=%d", file.public_id, earlier.version, count)


def _copy(file: DeclarationFile, earlier: EarlierExport) -> None:
    then = copy(file)
    then.version = earlier.version
    stored = chunks.store(file, ChunkKind.EXPORT, chunks.read(then, ChunkKind.EXPORT))
    if stored.sha256 != earlier.sha256:
        raise BrokenFileError(f"version {earlier.version} of {file} is not what was made")
    export = file.export
    for name in ("sha256", "size", "record_count", "inserted_count", "person_counts", "manifest"):
        setattr(export, name, getattr(earlier, name))
    export.made_by_id, export.made_at = earlier.made_by_id, earlier.made_at
    export.save()
    if file.kind == FileKind.SEPARATE:
        file.size, file.sha256, file.record_count = stored.size, stored.sha256, earlier.record_count
        file.person_count = earlier.person_counts.get(AttachmentState.EXPORTED, file.person_count)
        header = chunks.record_at(file, 1, ChunkKind.EXPORT)
        file.period_first_day, file.period_last_day = (
            date.fromisoformat(FIELDS[name].of(header).decode("ascii")) for name in ("0114", "0115")
        )
        file.save(
            update_fields=[
                *("size", "sha256", "record_count", "person_count"),
                *("period_first_day", "period_last_day"),
            ]
        )


def _left_out_since(file: DeclarationFile, version: int) -> Iterator[dict[str, Any]]:
    kept = EarlierExport.objects.filter(file=file, version__gte=version).order_by("version")
    for one in kept:
        yield from one.left_out


def _take_back(gone: list[dict[str, Any]]) -> list[int]:
    """Let nobody who stands in the version wait for a separate file, or count as left out.

    Return who waited with days that the version does not say.
    """
    rows = Attachment.objects.filter(
        pk__in=[row["attachment_id"] for row in gone],
        state__in=(AttachmentState.HELD, AttachmentState.ATTACHED, AttachmentState.EXCLUDED),
    )
    ids = list(rows.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
    waiting = ProfileRecord.objects.filter(attachment__in=ids)
    cut_short = _not_said(waiting, gone)
    waiting.delete()
    Attachment.objects.filter(pk__in=ids).update(
        state=AttachmentState.EXPORTED, reason=Reason.NONE, detail={}, changed_at=timezone.now()
    )
    return cut_short


def _not_said(waiting: QuerySet[ProfileRecord], gone: list[dict[str, Any]]) -> list[int]:
    said = defaultdict[int, list[tuple[date, date]]](list)
    for row in gone:
        first, last = (date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
        said[row["attachment_id"]].append((first, last))
    return sorted(
        {
            person
            for person, first, last in waiting.values_list("attachment_id", "first_day", "last_day")
            if not any(begin <= first and last <= end for begin, end in said[person])
        }
    )


def _write_records(file: DeclarationFile, rows: list[dict[str, Any]]) -> int:
    known = dict(
        ProfileRecord.objects.filter(
            organisation=file.organisation_id, reference__in=[row["reference"] for row in rows]
        ).values_list("reference", "attachment_id")
    )
    if not set(known.values()) <= {row["attachment_id"] for row in rows}:
        raise WrongStateError(
            _("Dezelfde factuur is intussen opnieuw ingelezen. Trek die eerst in, en leg dit dan vast.")
        )
    made = [_record(file, row) for row in rows if row["reference"] not in known]
    ProfileRecord.objects.bulk_create(made, batch_size=2_000)
    return len(made)


def _refuse_incomplete(file: DeclarationFile, earlier: EarlierExport) -> None:
    """Refuse a version of which it is not known to the last record what it said."""
    if records_carried_by(file).count() != earlier.inserted_count:
        raise WrongStateError(
            _("Van deze versie is niet meer na te gaan welke profielregels erin stonden. Vraag de beheerder.")
        )


def _refuse_said_apart(file: DeclarationFile, references: list[str]) -> None:
    records = ProfileRecord.objects.filter(organisation=file.organisation_id, reference__in=references)
    if deduplication.made_apart(records).exclude(pk=file.pk).exists():
        raise WrongStateError(
            _(
                "Profielregels hiervan staan intussen in een apart bestand dat nog niet is overgedragen. "
                "Trek dat eerst in, en leg dit dan vast."
            )
        )


def _record(file: DeclarationFile, row: dict[str, Any]) -> ProfileRecord:
    days = {name: date.fromisoformat(row[name]) for name in ("first_day", "last_day")}
    return ProfileRecord(organisation_id=file.organisation_id, **(row | days))


def _place(file: DeclarationFile) -> None:
    """Note on which line of a separate file each record stands, as its bytes say."""
    lines = aw319.read(chunks.read(file, ChunkKind.EXPORT))
    at = {
        _REFERENCE.of(line).decode("ascii").strip(): number
        for number, line in enumerate(lines, 1)
        if line[:2] == b"04"
    }
    records = list(
        ProfileRecord.objects.filter(
            organisation=file.organisation_id,
            reference__in=at,
            form=DeliveryMode.SEPARATE,
            delivered_in__isnull=True,
        )
    )
    for record in records:
        record.delivered_in, record.delivered_line = file, at[record.reference]
    ProfileRecord.objects.bulk_update(records, ["delivered_in", "delivered_line"], batch_size=1_000)
