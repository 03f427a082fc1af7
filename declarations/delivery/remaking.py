"""Making a file anew, without who may no longer go. The earlier version is kept, and never handed over.

Who is left out waits like whoever came too late: what may go of them later goes in a separate file.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.decisions.facts import fingerprint
from declarations.delivery import exporting, separate_delivery
from declarations.delivery.manifest import Made
from declarations.handover import services as handover
from declarations.handover.blocking import block, note_step, token_of, was_handed_over
from declarations.handover.carried_records import lapsed_in, records_carried_by
from declarations.matching import after_export, corrections
from declarations.progress.file_states import move_file
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.progress.query_hints import whole_tables
from declarations.schema.constants import AttachmentKind, AttachmentState, FileKind, FileState, Handover
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.delivery_models import EarlierExport
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import Attachment, DeclarationFile, Export, ProfileRecord
from declarations.storage.export_audit import log_exported

# What makes a record again, should the version turn out to have been delivered.
_KEPT = (
    "attachment_id",
    "number",
    "profile_id",
    "first_day",
    "last_day",
    "list_code",
    "performance_code",
    "time_unit",
    "reference",
    "form",
)

log = logging.getLogger(__name__)


@transaction.atomic
def make_anew(
    *, file: DeclarationFile, asker: separate_delivery.Asker | None = None, watcher: ProgressReporter = SILENT
) -> Export | None:
    """Make a file anew without the persons whose code may no longer go; return what counts from now on.

    None where nobody is left in a separate file: it is withdrawn. A file that is not blocked stays as it is.
    Raises WrongStateError for one that was not made or was handed over, FactsChangedError when facts changed
    while it was written, and what making a file raises.
    """
    if file.kind == FileKind.SEPARATE:
        separate_delivery.wait_for_turn(file.organisation_id)
    locked = DeclarationFile.objects.select_for_update(of=("self",)).select_related("organisation")
    row = locked.get(pk=file.pk)
    refuse_unless_waiting(row)
    today = timezone.localdate()
    facts, lapsed = fingerprint(today), lapsed_in(row, today=today)
    if row.handover == Handover.MADE and not lapsed:
        return row.export
    block(row, lapsed)
    return _made_without(
        row, [one.person for one in lapsed], asker or separate_delivery.Asker(), facts, watcher
    )


def refuse_unless_waiting(file: DeclarationFile) -> None:
    """Raise WrongStateError unless a file was made and not handed over."""
    if was_handed_over(file):
        raise WrongStateError(
            _("Dit bestand is al overgedragen aan de verzekeraar. Het verandert niet meer.")
        )
    if file.state != FileState.EXPORTED:
        raise WrongStateError(_("Het bestand met profielen is nog niet gemaakt."))


def _made_without(
    file: DeclarationFile,
    persons: Sequence[int],
    asker: separate_delivery.Asker,
    facts: str,
    watcher: ProgressReporter,
) -> Export | None:
    export = file.export
    keep(file, export, persons)
    if file.kind == FileKind.SEPARATE:
        made = _separate_without(file, persons, asker, watcher)
    else:
        inside = records_carried_by(file).filter(attachment__in=persons)
        leave_out(inside.values_list("id", flat=True), persons)
        made = exporting.written(file, asker, _person_counts(file), watcher)
    if made is None:
        return None
    exporting.put_down(export, file, made, asker.user)
    move_file(file, handover=Handover.MADE)
    note(file, HandoverStep.ANEW, len(persons), asker)
    _log_clients(file, asker)
    handover.refuse_lapsed(file, facts=facts)
    log.info("file_made_anew file=%s version=%d left_out=%d", file.public_id, file.version, len(persons))
    return export


def keep(file: DeclarationFile, export: Export, left_out: Sequence[int]) -> None:
    """Keep what counted until now with what it said of who is left out, and begin the next version."""
    gone = records_carried_by(file).filter(attachment__in=left_out)
    EarlierExport.objects.create(
        organisation_id=file.organisation_id,
        file=file,
        version=file.version,
        sha256=export.sha256,
        size=export.size,
        record_count=export.record_count,
        inserted_count=export.inserted_count,
        person_counts=export.person_counts,
        manifest=export.manifest,
        left_out=json.loads(json.dumps(list(gone.values(*_KEPT)), cls=DjangoJSONEncoder)),
        made_by_id=export.made_by_id,
        made_at=export.made_at,
    )
    file.version += 1
    file.save(update_fields=["version"])


def leave_out(records: Iterable[int], persons: Sequence[int]) -> None:
    """Take records of persons away, and let follow what may still be said of each.

    Who has no other record is decided on as too late for the file; of who has one, in this file or another,
    that row stays as it went, and the rest follows beside it.
    """
    ProfileRecord.objects.filter(pk__in=list(records)).delete()
    follow(persons)


def follow(persons: Sequence[int]) -> None:
    """Let follow what may still be said of persons, now that something of theirs went away."""
    elsewhere = Exists(ProfileRecord.objects.filter(attachment=OuterRef("pk")))
    rows = Attachment.objects.filter(pk__in=persons).annotate(elsewhere=elsewhere).order_by("id")
    bare, others = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for file_id, person, has_other in rows.values_list("file_id", "id", "elsewhere"):
        (others if has_other else bare)[file_id].append(person)
    homes = DeclarationFile.objects.select_related("organisation").in_bulk([*bare, *others])
    for file_id in sorted(homes):
        after_export.look_at_all(homes[file_id], bare[file_id], timezone.localdate())
        if others[file_id] and not homes[file_id].is_test:
            corrections.follow(homes[file_id], others[file_id])


def undeliver(file: DeclarationFile) -> None:
    """Take the lines of a separate file from its records: two may not stand on one in between."""
    ProfileRecord.objects.filter(delivered_in=file).update(delivered_in=None, delivered_line=None)


def _separate_without(
    file: DeclarationFile, persons: Sequence[int], asker: separate_delivery.Asker, watcher: ProgressReporter
) -> Made | None:
    with whole_tables():
        carried = dict(records_carried_by(file).values_list("id", "attachment_id"))
    undeliver(file)
    left_out = set(persons)
    kept = [record for record, person in carried.items() if person not in left_out]
    leave_out(carried.keys() - set(kept), persons)
    if kept:
        return separate_delivery.write_again(file, kept, asker, watcher)
    _dissolve(file, len(left_out), asker)
    return None


def _dissolve(file: DeclarationFile, count: int, asker: separate_delivery.Asker) -> None:
    """Take a separate file back of which nothing is left."""
    move_file(file, state=FileState.WITHDRAWN, handover=Handover.NONE)
    note(file, HandoverStep.DISSOLVED, count, asker)
    log.info("separate_dissolved file=%s", file.public_id)


def note(file: DeclarationFile, step: HandoverStep, count: int, asker: separate_delivery.Asker) -> None:
    """Write down what happened to the version of a file that counts, and who asked for it."""
    token = token_of(asker.program)
    note_step(file, step, count=count, user=asker.user, token=token)


def _person_counts(file: DeclarationFile) -> dict[str, int]:
    """Return the persons per state; who waits for a separate file by now did not go in this one."""
    rows = Attachment.objects.filter(file=file, kind=AttachmentKind.REGULAR)
    counts = dict(rows.values_list("state").annotate(count=Count("id")).order_by("state"))
    waits = counts.pop(AttachmentState.ATTACHED, 0)
    counts[AttachmentState.HELD] = counts.get(AttachmentState.HELD, 0) + waits
    return {str(state): count for state, count in counts.items() if count}


def _log_clients(file: DeclarationFile, asker: separate_delivery.Asker) -> None:
    with whole_tables():
        records = records_carried_by(file).order_by("attachment__client")
        clients = list(records.values_list("attachment__client", flat=True).distinct())
    log_exported(
        organisation_id=file.organisation_id,
        clients=clients,
        membership=asker.membership,
        program=asker.program,
    )
