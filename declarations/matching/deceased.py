"""What a file says in 0223, that a person died, for the officer: how many, and how the nurse answered."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from care.clients.selectors import last_death_notice
from care.schema.death_notices import NoticeState
from declarations.schema.constants import FileState
from declarations.schema.models import Attachment, DeclarationFile

TEST_FILE = _("Dit is een proefbestand. Daarom is er niemand iets over gevraagd.")
NOT_READ = _("Zodra deze verzekerde is bekeken, wordt het de verpleegkundige gevraagd.")
UNKNOWN = _("Wie dit is, staat niet vast. Daarom is het de verpleegkundige nog niet gevraagd.")
DIED = _("Het overlijden is vastgelegd. De zorg eindigt daarmee.")
OPEN = _("Dat staat als vraag bij de verpleegkundige.")
DENIED = _("De verpleegkundige zegt dat dit niet klopt.")


@dataclass(frozen=True, slots=True)
class ToldDeceased:
    """How many persons of a file died according to it, and of how many that is still asked."""

    count: int
    open: int


def told_deceased(file: DeclarationFile) -> ToldDeceased | None:
    """Return what a file says; nothing where it says so of nobody, or counts no more."""
    told = Attachment.objects.filter(file=file, told_deceased=True)
    count = told.count()
    if not count or file.state == FileState.WITHDRAWN:
        return None
    asked = told.filter(client__death_notices__state=NoticeState.OPEN)
    return ToldDeceased(count, 0 if file.is_test else asked.count())


def answer_about(item: Attachment) -> Promise | None:
    """Return what became of it, in a sentence; nothing where the file does not say that a person died."""
    if not item.told_deceased:
        return None
    if item.file.is_test:
        return TEST_FILE
    if item.client is None or item.date_of_birth != item.client.date_of_birth:
        return UNKNOWN
    if item.client.died_on is not None:
        return DIED
    notice = last_death_notice(item.client)
    if notice is None:
        return NOT_READ
    return OPEN if notice.state == NoticeState.OPEN else DENIED
