"""Taking a file back that was not handed over, also what was made of it, as where it can be made no more.

What was read in by the rules of before can have what our checker refuses by now: it is never released, and
no making anew succeeds. Withdrawn it is kept with what was made of it, and the same can be read in again.
"""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from declarations.delivery import remaking, separate_delivery
from declarations.handover.blocking import was_handed_over
from declarations.handover.carried_records import records_carried_by
from declarations.matching import queue
from declarations.progress import file_locks
from declarations.progress.file_states import move_file
from declarations.progress.query_hints import whole_tables
from declarations.schema.constants import FileKind, FileState, Handover
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, ProfileRecord

log = logging.getLogger(__name__)


@transaction.atomic
def withdraw_file(*, file: DeclarationFile, asker: separate_delivery.Asker | None = None) -> DeclarationFile:
    """Take a file back that was not handed over: its queue stops, its profile records go.

    The same bytes may be imported again. Withdrawing twice changes nothing. Raises WrongStateError, also
    while the file is being made.
    """
    file_locks.refuse_while_made(file.pk)
    with file_locks.lock_timeout():
        if file.kind == FileKind.SEPARATE:
            separate_delivery.wait_for_turn(file.organisation_id)
        file = DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.state == FileState.EXPORTED:
        take_back(file, asker or separate_delivery.Asker())
    if file.state == FileState.IMPORTED:
        queue.drop_records(file.pk)
        move_file(file, state=FileState.WITHDRAWN)
        log.info("file_withdrawn file=%s", file.public_id)
    return file


def take_back(file: DeclarationFile, asker: separate_delivery.Asker) -> None:
    """Withdraw a file that was made, whose row the transaction at hand has locked.

    Its profile records go. Those of a separate file wait for the next one, where they may still go. Raises
    WrongStateError for one that was handed over, and while records of it stand in a separate file.
    """
    if was_handed_over(file):
        raise WrongStateError(
            _("Dit bestand is al overgedragen aan de verzekeraar. Het kan niet meer worden ingetrokken.")
        )
    persons = sorted(set(records_carried_by(file).values_list("attachment_id", flat=True)))
    if file.kind == FileKind.RECEIVED:
        _refuse_spoken_of_apart(file)
    # Should it turn out to have been delivered all the same, it is told what went.
    remaking.keep(file, file.export, persons)
    if file.kind == FileKind.SEPARATE:
        _let_go(file, persons)
    else:
        queue.drop_records(file.pk)
    move_file(file, state=FileState.WITHDRAWN, handover=Handover.NONE)
    remaking.note(file, HandoverStep.WITHDRAWN, len(persons), asker)
    log.info("made_withdrawn file=%s version=%d", file.public_id, file.version)


def _refuse_spoken_of_apart(file: DeclarationFile) -> None:
    if ProfileRecord.objects.filter(attachment__file=file, delivered_in__isnull=False).exists():
        raise WrongStateError(
            _(
                "Profielregels van dit bestand staan in een apart bestand. Trek dat eerst in. Is dat al "
                "overgedragen, dan kan dit bestand niet meer worden ingetrokken."
            )
        )


def _let_go(file: DeclarationFile, persons: list[int]) -> None:
    with whole_tables():
        carried = list(records_carried_by(file).values_list("id", flat=True))
    remaking.undeliver(file)
    remaking.leave_out(carried, persons)
