"""Fixed words of making a file, delivering it, and what the insurer answered."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=5)
KEPT_FINDINGS = 50
# A list that nobody confirmed, and progress that nobody looks at any more, are removed after so long.
FORGOTTEN_AFTER = timedelta(days=1)
LARGEST_LIST = 10 << 20  # bytes: some 200,000 lines
LISTED_PROBLEMS = 200
SHOWN_ANSWERS = 50


class JobState(models.TextChoices):
    """Where the making of a file is. `refused` is for the officer to mend; `unsound`, `failed` are ours."""

    WAITING = "waiting", _("wacht")
    WORKING = "working", _("bezig")
    DONE = "done", _("klaar")
    REFUSED = "refused", _("niet gemaakt")
    UNSOUND = "unsound", _("niet vrijgegeven")
    FAILED = "failed", _("mislukt")


OPEN_JOBS = (JobState.WAITING, JobState.WORKING)


class MakingRefusal(models.TextChoices):
    """Why a file could not be made now."""

    NONE = "", ""
    STILL_QUEUED = "still_queued", _("er staan nog verzekerden in de wachtrij")
    FACTS_CHANGED = "facts_changed", _("gegevens zijn veranderd")
    WRONG_STATE = "wrong_state", _("het bestand is ingetrokken")
    NOTHING_WAITS = "nothing_waits", _("er wacht geen profiel meer")
    NUMBERS_USED_UP = "numbers_used_up", _("de nummers van dit jaar zijn op")
    TOO_MANY_RECORDS = "too_many_records", _("het bestand zou te veel records hebben")
    UNREADABLE = "unreadable", _("wat is opgeslagen, is niet te lezen")
    DEFECT = "defect", _("een fout van ons")


class HandoverStep(models.TextChoices):
    """What can happen to what was made of a file."""

    MADE = "made", _("gemaakt")
    ANEW = "anew", _("opnieuw gemaakt")
    BLOCKED = "blocked", _("geblokkeerd")
    TAKEN = "taken", _("weggeschreven met een opdracht")
    RELEASED = "released", _("vrijgegeven")
    DELIVERED = "delivered", _("aangeleverd")
    WITHDRAWN = "withdrawn", _("ingetrokken")
    DISSOLVED = "dissolved", _("ingetrokken: er bleef niets over")


class JobPhase(models.TextChoices):
    """A stretch of long work, with its own speed."""

    CHECKING = "checking", _("Nakijken")
    STORING = "storing", _("Opslaan")
    QUEUEING = "queueing", _("Verzekerden in de wachtrij zetten")
    LOOKING = "looking", _("Nakijken wie mee mag")
    COMPARING = "comparing", _("Nakijken wat al is verzonden")
    WRITING = "writing", _("Bestand schrijven")
    PROVING = "proving", _("Geschreven bestand nakijken")
    FINISHING = "finishing", _("Vastleggen")
    MATCHING = "matching", _("Profielregels opzoeken")
    ANSWERING = "answering", _("Antwoorden vastleggen")


# In these stretches persons are counted, in the others records.
OF_PERSONS = frozenset({JobPhase.QUEUEING, JobPhase.LOOKING})


class ReplyKind(models.TextChoices):
    """Whether an answer is about a whole file, or about records that are named."""

    FILE = "file", _("het hele bestand")
    LIST = "list", _("een lijst met referentienummers")


class ReplyState(models.TextChoices):
    """A list is looked at before it counts, by a worker. `failed` is ours, `refused` for who sent it."""

    LOOKING = "looking", _("wordt bekeken")
    PREPARED = "prepared", _("nog niet vastgelegd")
    REFUSED = "refused", _("niet goed")
    RECORDING = "recording", _("wordt vastgelegd")
    RECORDED = "recorded", _("vastgelegd")
    FAILED = "failed", _("niet gelukt")


# A worker is at it, or about to be.
OPEN_REPLIES = (ReplyState.LOOKING, ReplyState.RECORDING)
# What never counted can go.
UNRECORDED = (ReplyState.LOOKING, ReplyState.PREPARED, ReplyState.REFUSED, ReplyState.FAILED)


class ReplyStatus(models.TextChoices):
    """What the insurer did with a profile record; the values stand in the list."""

    ACCEPTED = "aanvaard", _("aanvaard")
    REJECTED = "afgekeurd", _("afgekeurd")
