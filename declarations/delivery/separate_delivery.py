"""Separate files: profile records that do not go in the file in which the care was declared.

Either that was agreed (DeliveryForm.SEPARATE), or the file had gone already. A separate file gathers all that
waits for one addressee (0108), over as many files as there are; what is in it is never in another.
"""

import logging
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from care.audit.access import Program
from care.schema.models import Insurer, Membership, Organisation, User
from care.tenancy import locks
from declarations import aw319
from declarations.aw319.writer import MOST_PERFORMANCES
from declarations.decisions.facts import fingerprint
from declarations.delivery import invoice_numbers
from declarations.delivery.manifest import Made, manifest_of, versions_in
from declarations.delivery.separate_queue import waiting
from declarations.delivery.separate_writing import write
from declarations.handover import services as handover
from declarations.handover.blocking import note_step, token_of
from declarations.matching import after_export, corrections, deduplication
from declarations.progress.file_states import add_file
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.progress.query_hints import whole_tables
from declarations.schema.constants import (
    AttachmentState,
    DeliveryMode,
    FileKind,
    FileState,
    Handover,
    Reason,
)
from declarations.schema.delivery_constants import HandoverStep, JobPhase
from declarations.schema.exceptions import BrokenFileError, FileTooLongError
from declarations.schema.models import Attachment, DeclarationFile, Export, ProfileRecord
from declarations.storage import chunks
from declarations.storage.export_audit import log_exported

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a file: a person in a role, a program with a token, or (neither) a command."""

    user: User | None = None
    membership: Membership | None = None
    program: Program | None = None

    @property
    def name(self) -> str:
        """Who that is (empty: a command)."""
        return self.user.name if self.user else self.program.name if self.program else ""


@transaction.atomic
def make_separate(
    *,
    organisation: Organisation,
    uzovi: str,
    is_test: bool = False,
    asker: Asker | None = None,
    watcher: ProgressReporter = SILENT,
    facts: str = "",
) -> DeclarationFile | None:
    """Make a separate file of all that waits for an addressee (0108); None where nothing does.

    Before it, a last look: what no longer holds is held again, and days that went before are left out.
    `facts`: the fingerprint when what goes along with another file was looked at, earlier than now.
    Raises UnsoundExportError when what was made is not what it should be, and FactsChangedError when facts
    changed while it was written: then nothing is. `watcher` is told how far it is.
    """
    # Two at once would gather the same, under one number.
    wait_for_turn(organisation.pk)
    today = timezone.localdate()
    facts = facts or fingerprint(today)
    found = waiting(organisation=organisation, uzovi=uzovi, is_test=is_test)
    if not is_test:
        after_export.look_again(
            after_export.files_of(organisation.pk).filter(uzovi=uzovi), today=today, watcher=watcher
        )
        watcher.begin(JobPhase.COMPARING, 0)
        found = found.exclude(attachment__in=deduplication.leave_out_sent(found.order_by("id")))
    with whole_tables():
        records = list(found.values_list("id", flat=True))
        if not records:
            return None
        if len(records) > MOST_PERFORMANCES:
            raise FileTooLongError
        sources = _sources(found)
        made = _begin(organisation, sources, uzovi, is_test=is_test, today=today)
        report = write(made, chunks.record_at(sources.newest, 1), records, today, watcher)
        _finish(made, len(records), report, asker or Asker())
    handover.refuse_lapsed(made, facts=facts)
    return made


def wait_for_turn(organisation_id: int) -> None:
    """Let nobody else make a separate file of an organisation until the transaction at hand ends."""
    locks.wait_for(f"separate file of organisation {organisation_id}")


def write_again(
    made: DeclarationFile, records: list[int], asker: Asker, watcher: ProgressReporter = SILENT
) -> Made:
    """Write the version at hand of a separate file, with these records of those that it had."""
    today = timezone.localdate()
    with whole_tables():
        sources = _sources(ProfileRecord.objects.filter(pk__in=records))
        made.period_first_day, made.period_last_day = sources.first, sources.last
        made.save(update_fields=["period_first_day", "period_last_day"])
        report = write(made, chunks.record_at(sources.newest, 1), records, today, watcher)
        return _made_of(made, len(records), report, asker)


def make_with(
    file: DeclarationFile, asker: Asker, watcher: ProgressReporter = SILENT, *, facts: str
) -> DeclarationFile | None:
    """Make the separate file that goes with one that is exported just now, if anything of it goes apart.

    All that waited for the same addressee goes along. `facts`: the fingerprint before that one was written.
    """
    apart = ProfileRecord.objects.filter(attachment__file=file, form=DeliveryMode.SEPARATE)
    with whole_tables():
        goes = apart.filter(attachment__state=AttachmentState.EXPORTED).exists()
    if not goes:
        return None
    return make_separate(
        organisation=file.organisation,
        uzovi=file.uzovi,
        is_test=file.is_test,
        asker=asker,
        watcher=watcher,
        facts=facts,
    )


def leave_out_sent(file: DeclarationFile) -> list[int]:
    """Leave out what would go apart of a file but went before; before its export is counted.

    Return who (rows of the queue) waits, since another file that was made holds the same days: too late for
    this one, and to be looked at once it counts. Of whom a record goes in the file itself, the rest follows.
    """
    if file.is_test:
        return []
    apart = ProfileRecord.objects.filter(attachment__file=file, form=DeliveryMode.SEPARATE)
    attached = apart.filter(attachment__state=AttachmentState.ATTACHED)
    if attached.exists():
        # Of two made at once neither would see what the other says.
        wait_for_turn(file.organisation_id)
    waits = deduplication.leave_out_sent(attached.order_by("id"))
    attached.filter(attachment__in=waits).delete()
    rows = Attachment.objects.filter(pk__in=waits)
    with_other = list(rows.filter(records__isnull=False).distinct().values_list("id", flat=True))
    if with_other:
        corrections.follow(file, with_other)
    late_ones = rows.exclude(pk__in=with_other)
    late_ones.update(state=AttachmentState.HELD, reason=Reason.TOO_LATE, changed_at=timezone.now())
    return sorted(waits.difference(with_other))


def _files_of(records: QuerySet[ProfileRecord]) -> QuerySet[DeclarationFile]:
    files = records.order_by().values("attachment__file").distinct()
    return DeclarationFile.objects.filter(pk__in=files).select_related("organisation").order_by("id")


@dataclass(frozen=True, slots=True)
class _Sources:
    """The files in which the care was declared: the newest, whose header is the model, and their days."""

    newest: DeclarationFile
    first: date
    last: date


def _sources(records: QuerySet[ProfileRecord]) -> _Sources:
    files = _files_of(records)
    days = files.aggregate(first=Min("period_first_day"), last=Max("period_last_day"))
    newest = files.last()
    if newest is None:
        raise BrokenFileError("profile records without a file")
    return _Sources(newest, days["first"], days["last"])


def _begin(
    organisation: Organisation, sources: _Sources, uzovi: str, *, is_test: bool, today: date
) -> DeclarationFile:
    """Return the row of a new file; what is counted of its bytes is filled in when they are written."""
    made = DeclarationFile(
        organisation=organisation,
        insurer=Insurer.objects.filter(uzovi=uzovi).first(),
        uzovi=uzovi,
        kind=FileKind.SEPARATE,
        state=FileState.EXPORTED,
        handover=Handover.MADE,
        is_test=is_test,
        invoice_number=invoice_numbers.next_number(organisation, today, is_test=is_test),
        invoice_date=today,
        period_first_day=sources.first,
        period_last_day=sources.last,
        control_total="0" * 11 + "D",
        record_count=0,
        person_count=0,
        size=0,
    )
    add_file(made)
    return made


def _finish(made: DeclarationFile, records: int, report: aw319.Report, asker: Asker) -> None:
    """Write down what was made, whose profiles went, and that they did."""
    told = _made_of(made, records, report, asker)
    Export.objects.create(
        organisation_id=made.organisation_id,
        file=made,
        sha256=made.sha256,
        size=made.size,
        record_count=made.record_count,
        inserted_count=records,
        person_counts=told.persons,
        manifest=manifest_of(made, told),
        made_by=asker.user,
        made_at=told.at,
    )
    gone = Attachment.objects.filter(records__delivered_in=made)
    clients = (
        gone.filter(state=AttachmentState.ATTACHED).order_by("client_id").values_list("client_id", flat=True)
    )
    log_exported(
        organisation_id=made.organisation_id,
        clients=clients.distinct(),
        membership=asker.membership,
        program=asker.program,
    )
    waited = Attachment.objects.filter(pk__in=gone.values("id"), state=AttachmentState.ATTACHED)
    waited.update(state=AttachmentState.EXPORTED, reason=Reason.NONE, changed_at=timezone.now())
    note_step(made, HandoverStep.MADE, user=asker.user, token=token_of(asker.program))
    log.info("separate_made file=%s records=%d", made.public_id, records)


def _made_of(made: DeclarationFile, records: int, report: aw319.Report, asker: Asker) -> Made:
    persons = {str(AttachmentState.EXPORTED): made.person_count}
    stored = chunks.Stored(made.size, made.sha256)
    return Made(timezone.now(), asker.name, stored, report, records, persons, versions_in(made))
