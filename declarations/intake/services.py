"""Taking declaration files in."""

import logging

from django.db import transaction
from django.utils import timezone

from care.schema.models import Organisation, User
from declarations.intake import importing
from declarations.intake.importing import Source
from declarations.matching.services import announce
from declarations.progress.progress_channel import SILENT, ProgressReporter
from declarations.schema.models import DeclarationFile

log = logging.getLogger(__name__)


@transaction.atomic
def import_file(
    *,
    organisation: Organisation,
    source: Source,
    user: User | None = None,
    watcher: ProgressReporter = SILENT,
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
