"""Taking declaration files in, and back. Each function is one thing that somebody wants done."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Organisation, User
from declarations.intake import importing
from declarations.intake.importing import Source
from declarations.matching import queue
from declarations.matching.services import announce
from declarations.progress import file_locks
from declarations.progress.progress_channel import SILENT, Watcher
from declarations.schema.constants import FileState
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile

log = logging.getLogger(__name__)


@transaction.atomic
def import_file(
    *, organisation: Organisation, source: Source, user: User | None = None, watcher: Watcher = SILENT
) -> DeclarationFile:
    """Store a declaration file and queue every insured person in it; the work begins once that is committed.

    `source` is read from its beginning, twice. Raises FileRefusedError with every problem by line and field,
    AlreadyImportedError for the same bytes, InvoiceNumberTakenError for other bytes with a known 0116.
    """
    today = timezone.localdate()
    file = importing.read_in(
        organisation=organisation, source=source, today=today, user=user, watcher=watcher
    )
    log.info("file_imported file=%s persons=%d", file.public_id, file.person_count)
    announce(file)
    return file


@transaction.atomic
def withdraw_file(*, file: DeclarationFile) -> DeclarationFile:
    """Take a file back that has not been exported: its queue stops, its profile records go.

    The same bytes may be imported again. Withdrawing twice changes nothing. Raises WrongStateError, also
    while the file is being made.
    """
    file_locks.refuse_while_made(file.pk)
    with file_locks.impatient():
        file = DeclarationFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.state == FileState.EXPORTED:
        raise WrongStateError(_("Dit bestand is al gemaakt. Het kan niet meer worden ingetrokken."))
    if file.state == FileState.IMPORTED:
        queue.drop_records(file.pk)
        file.state = FileState.WITHDRAWN
        file.save(update_fields=["state"])
        log.info("file_withdrawn file=%s", file.public_id)
    return file
