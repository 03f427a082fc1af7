"""Taking back what was made of a file and never handed over, as where it can be made anew no more.

What was read in by the rules of before can have what our checker refuses by now: it is never released, and
no making anew succeeds. Withdrawn it is kept with what was made of it, and the same can be read in again.
"""

import logging

from django.utils.translation import gettext as _

from declarations.apart import separate
from declarations.apart.planner import whole_tables
from declarations.attaching import queue
from declarations.constants import FileKind, FileState, Handover
from declarations.exceptions import WrongStateError
from declarations.models import DeclarationFile, ProfileRecord
from declarations.outgoing import handover, remaking
from declarations.outgoing.carried import records_carried_by
from declarations.outgoing.constants import HandoverStep

log = logging.getLogger(__name__)


def take_back(file: DeclarationFile, asker: separate.Asker) -> None:
    """Withdraw a file that was made, whose row the transaction at hand has locked.

    Its profile records go. Those of a separate file wait for the next one, where they may still go. Raises
    WrongStateError for one that was handed over, and while records of it stand in a separate file.
    """
    if handover.was_handed_over(file):
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
    file.state, file.handover = FileState.WITHDRAWN, Handover.NONE
    file.save(update_fields=["state", "handover"])
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
