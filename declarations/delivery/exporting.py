"""Making the file with profiles, once: later exports and downloads give the same bytes."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from care.audit.access import Program
from care.schema.models import Insurer, Membership, User
from declarations import aw319
from declarations.aw319.layout import LINE_LENGTH
from declarations.decisions.facts import fingerprint
from declarations.delivery import separate_delivery
from declarations.delivery.manifest import Made, manifest_of, versions_in
from declarations.handover import services as handover
from declarations.handover.blocking import note_step, token_of
from declarations.matching import after_export
from declarations.matching.reevaluation import changed_since_attached
from declarations.progress.file_states import move_file
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.progress.query_hints import whole_tables
from declarations.schema.constants import (
    AttachmentKind,
    AttachmentState,
    ChunkKind,
    DeliveryMode,
    FileState,
    Handover,
    Reason,
)
from declarations.schema.delivery_constants import HandoverStep, JobPhase
from declarations.schema.exceptions import (
    FactsChangedError,
    FileProblem,
    FileTooLongError,
    StillQueuedError,
    UnsoundExportError,
    WrongStateError,
)
from declarations.schema.models import Attachment, DeclarationFile, Export, ProfileRecord
from declarations.storage import chunks
from declarations.storage.export_audit import CLIENTS_PER_LOG_ROW, log_exported
from declarations.storage.problems import errors_of, of_whole_file

TOO_LATE = """
    UPDATE declarations_attachment
    SET detail = detail || jsonb_build_object('before', reason), reason = %s, changed_at = %s
    WHERE file_id = %s AND kind = %s AND state = %s
"""


@transaction.atomic
def export_file(
    *,
    file: DeclarationFile,
    user: User | None = None,
    membership: Membership | None = None,
    program: Program | None = None,
    watcher: ProgressReporter = SILENT,
) -> Export:
    """Return the export of a file, made now if it is the first one.

    Whoever asks is in the access log: a membership, a program with a token, or (neither) a command.
    Raises StillQueuedError while anything is queued, FactsChangedError when attached profiles no longer hold,
    WrongStateError for a withdrawn file, FileTooLongError when its closing record cannot count them,
    UnsoundExportError when our own checker has an error to tell of the new file, or it is not the original
    plus profile records: then nothing is exported. What changed while the file was written is seen at the
    end, in the same transaction. `watcher` is told how far it is.
    """
    locked = DeclarationFile.objects.select_for_update(of=("self",)).select_related("organisation")
    file = locked.get(pk=file.pk)
    if file.state == FileState.EXPORTED:
        return file.export
    facts = fingerprint(timezone.localdate())
    _refuse_unless_ready(file)
    waits = separate_delivery.leave_out_sent(file)
    asker = separate_delivery.Asker(user, membership, program)
    with whole_tables():
        _refuse_too_long(file)
        export = _export(file, asker, watcher)
    _mark_exported(file)
    note_step(file, HandoverStep.MADE, user=asker.user, token=token_of(asker.program))
    separate_delivery.make_with(file, asker, watcher, facts=facts)
    after_export.look_at_all(file, waits, timezone.localdate())
    handover.refuse_lapsed(file, facts=facts)
    return export


def _export(file: DeclarationFile, asker: separate_delivery.Asker, watcher: ProgressReporter) -> Export:
    made = written(file, asker, _person_counts(file), watcher)
    export = Export(organisation_id=file.organisation_id, file=file)
    put_down(export, file, made, asker.user)
    _log_clients(file, asker.membership, asker.program)
    return export


def written(
    file: DeclarationFile, asker: separate_delivery.Asker, persons: dict[str, int], watcher: ProgressReporter
) -> Made:
    """Write the version at hand of a file, read it back and prove it. Raises UnsoundExportError.

    `persons`: how they stand once it counts.
    """
    stored = chunks.store(file, ChunkKind.EXPORT, _with_profiles(file, watcher))
    proof = _proven(file, timezone.localdate(), stored, watcher)
    made_of = versions_in(file)
    watcher.begin(JobPhase.FINISHING, 0)
    return Made(timezone.now(), asker.name, stored, proof.report, proof.inserted, persons, made_of)


def put_down(export: Export, file: DeclarationFile, made: Made, by: User | None) -> None:
    """Let what was made be the export of a file."""
    export.sha256, export.size = made.stored.sha256, made.stored.size
    export.record_count, export.inserted_count = made.report.lines, made.inserted
    export.person_counts, export.manifest = made.persons, manifest_of(file, made)
    export.made_by, export.made_at = by, made.at
    export.save()


def _refuse_unless_ready(file: DeclarationFile) -> None:
    if file.state != FileState.IMPORTED:
        raise WrongStateError(_("Dit bestand is ingetrokken. Er kan niets meer mee."))
    waiting = _persons(file).filter(state=AttachmentState.QUEUED).count()
    if waiting:
        raise StillQueuedError(waiting)
    changed = changed_since_attached(file)
    if changed:
        raise FactsChangedError(changed)


def _refuse_too_long(file: DeclarationFile) -> None:
    """Say so before minutes are spent on writing what its closing record cannot count."""
    trailer = chunks.record_at(file, file.record_count)
    try:
        aw319.refuse_overflow(trailer, _inside(file).count())
    except aw319.TooManyRecordsError as overflow:
        raise FileTooLongError from overflow


def _persons(file: DeclarationFile) -> QuerySet[Attachment]:
    return Attachment.objects.filter(file=file, kind=AttachmentKind.REGULAR)


def _with_profiles(file: DeclarationFile, watcher: ProgressReporter) -> Iterator[bytes]:
    watcher.begin(JobPhase.WRITING, file.record_count)
    lines = aw319.read(chunks.watched(chunks.read(file, ChunkKind.ORIGINAL), watcher))
    return aw319.write_with_profiles(lines, _insertions(file))


def _inside(file: DeclarationFile) -> QuerySet[ProfileRecord]:
    """Return the profile records that go in the file itself; the others go in a separate one."""
    return ProfileRecord.objects.filter(
        attachment__file=file,
        attachment__state__in=(AttachmentState.ATTACHED, AttachmentState.EXPORTED),
        form=DeliveryMode.IN_FILE,
    )


def _insertions(file: DeclarationFile) -> Iterator[aw319.Insertion]:
    """Yield the profile records of a file in the order of the lines behind which they go."""
    records = _inside(file).order_by("attachment__placement_line", "number")
    columns = ("first_day", "last_day", "list_code", "performance_code", "time_unit")
    rows = records.values_list(
        "attachment__placement_line", *columns, "attachment__performer", "reference"
    ).iterator(chunk_size=2_000)
    for line, *fields in rows:
        yield aw319.Insertion(line, aw319.ProfileRecordFields(*fields))


def _proven(
    file: DeclarationFile, today: date, stored: chunks.Stored, watcher: ProgressReporter
) -> aw319.Verification:
    """Read back what was stored, let our own checker go over it, and hold it against what it must be."""
    watcher.begin(JobPhase.PROVING, -(-stored.size // LINE_LENGTH))
    proof = aw319.verify_insertion(
        chunks.read(file, ChunkKind.ORIGINAL),
        chunks.watched(chunks.read(file, ChunkKind.EXPORT), watcher),
        _insertions(file),
        today=today,
        expected_agb=file.organisation.agb,
    )
    if not proof.is_sound:
        raise UnsoundExportError(f"export of {file} is not sound", _findings(proof), *proof.problems)
    wanted = _inside(file).count()
    if proof.inserted != wanted:
        missing = of_whole_file(_("Niet elke profielregel staat in het geschreven bestand."))
        what = f"export of {file} has {proof.inserted} profile records, not {wanted}"
        raise UnsoundExportError(what, (missing,))
    return proof


def _findings(proof: aw319.Verification) -> tuple[FileProblem, ...]:
    """Return what is wrong with a new file, in Dutch and without values."""
    found = errors_of(proof.report)
    if not proof.problems:
        return found
    differs = _("Het geschreven bestand is niet het ingelezen bestand met alleen profielregels erbij.")
    return (of_whole_file(differs), *found)


def _person_counts(file: DeclarationFile) -> dict[str, int]:
    """Return the persons per state as they will be once the file is exported."""
    counted = _persons(file).values_list("state").annotate(count=Count("id")).order_by("state")
    counts = dict(counted)
    counts[AttachmentState.EXPORTED] = counts.pop(AttachmentState.ATTACHED, 0)
    return {str(state): count for state, count in counts.items() if count}


def _log_clients(file: DeclarationFile, membership: Membership | None, program: Program | None) -> None:
    """Write in the access log whose profiles went into the file."""
    clients = _persons(file).filter(state=AttachmentState.ATTACHED).order_by("id")
    ids = clients.values_list("client_id", flat=True).iterator(chunk_size=CLIENTS_PER_LOG_ROW)
    log_exported(organisation_id=file.organisation_id, clients=ids, membership=membership, program=program)


def _mark_exported(file: DeclarationFile) -> None:
    now = timezone.now()
    _persons(file).filter(state=AttachmentState.ATTACHED).update(
        state=AttachmentState.EXPORTED, changed_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute(
            TOO_LATE, [Reason.TOO_LATE, now, file.pk, AttachmentKind.REGULAR, AttachmentState.HELD]
        )
    # The insurer may have been added to the register since the file came in.
    file.insurer = Insurer.objects.filter(uzovi=file.uzovi).first()
    move_file(file, state=FileState.EXPORTED, handover=Handover.MADE, also=["insurer"])
