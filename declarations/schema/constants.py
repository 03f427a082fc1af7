"""Fixed words of this app: states, reasons, forms of delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 1 << 30  # bytes: three times a file of a million records


class FileState(models.TextChoices):
    """Where a declaration file is."""

    IMPORTED = "imported", _("ingelezen")
    EXPORTED = "exported", _("gemaakt")
    WITHDRAWN = "withdrawn", _("ingetrokken")


class Handover(models.TextChoices):
    """Whether what was made of a file may go, and whether it went: made is not handed over."""

    NONE = "", _("nog niet gemaakt")
    MADE = "made", _("nog niet vrijgegeven")
    BLOCKED = "blocked", _("geblokkeerd")
    RELEASED = "released", _("vrijgegeven")
    DELIVERED = "delivered", _("aangeleverd")


# The insurer may have it, here or by another way: from then on it never changes.
HANDED_OVER = (Handover.RELEASED, Handover.DELIVERED)
WAITS_FOR_RELEASE = (Handover.MADE, Handover.BLOCKED)


class FileKind(models.TextChoices):
    """How a file came to be here."""

    RECEIVED = "received", _("declaratiebestand")
    SEPARATE = "separate", _("apart bestand met profielen")


class ChunkKind(models.TextChoices):
    """Which content a stored chunk belongs to."""

    ORIGINAL = "original", _("ontvangen bestand")
    EXPORT = "export", _("bestand met profielen")
    REFERENCES = "references", _("referentienummers van een ontvangen bestand")
    FINDINGS = "findings", _("bevindingen bij een ontvangen bestand")


class AttachmentKind(models.TextChoices):
    """Why a row is in the queue."""

    REGULAR = "regular", _("profiel bij declaratie")
    CORRECTION = "correction", _("correctie van een verzonden profiel")


class AttachmentState(models.TextChoices):
    """Where one insured person of a file is."""

    QUEUED = "queued", _("in de wachtrij")
    ATTACHED = "attached", _("toegevoegd")
    HELD = "held", _("aangehouden")
    EXCLUDED = "excluded", _("overgeslagen")
    EXPORTED = "exported", _("in een gemaakt bestand")
    ACCEPTED = "accepted", _("aanvaard")
    REJECTED = "rejected", _("afgekeurd")


# What is in a file that was made, whatever was said of it since.
GONE = (AttachmentState.EXPORTED, AttachmentState.ACCEPTED, AttachmentState.REJECTED)


class Reason(models.TextChoices):
    """Why a row is held or excluded; the label is the sentence's start that people know it by."""

    NONE = "", ""
    BSN_UNKNOWN = "bsn_unknown", _("bsn onbekend")
    CLIENT_UNKNOWN = "client_unknown", _("cliënt onbekend")
    DETAILS_DIFFER = "details_differ", _("gegevens wijken af")
    NOT_IN_CARE = "not_in_care", _("niet in zorg")
    NO_LEGAL_BASIS = "no_legal_basis", _("geen grondslag")
    OBJECTION = "objection", _("bezwaar")
    SENDING_IS_OFF = "sending_is_off", _("verzenden staat uit")
    PHASE_FORBIDS = "phase_forbids", _("fase laat het niet toe")
    NO_VALID_PROFILE = "no_valid_profile", _("geen geldig profiel")
    CODE_UNKNOWN = "code_unknown", _("code onbekend")
    AWAITS_REVIEW = "awaits_review", _("wacht op toetsing")
    TECHNICAL_ERROR = "technical_error", _("technische fout")
    TOO_LATE = "too_late", _("te laat voor dit bestand")
    CORRECTION_DUE = "correction_due", _("correctie nodig")
    RETURNED = "returned", _("teruggekomen van de verzekeraar")
    PROFILE_LINE_PRESENT = "profile_line_present", _("profielregel aanwezig")
    ALREADY_SENT = "already_sent", _("al verzonden")
    CREDITS_ONLY = "credits_only", _("alleen creditregels")
    EXCLUDED_BY_OFFICER = "excluded_by_officer", _("met de hand overgeslagen")


class MissingPart(models.TextChoices):
    """Which part of a reason it is, where that is not what the reason says by itself."""

    NONE = "", ""
    RECEIVER = "receiver", _("ontvanger")
    AGE = "age", _("de anamnese past niet bij de geboortedatum")


# Held, while the file of the care has gone: what holds somebody back now is the reason "before".
HELD_AFTER_GOING = (Reason.TOO_LATE, Reason.CORRECTION_DUE)


class BalanceKind(models.TextChoices):
    """What the nightly count counts of a file."""

    PERSONS = "persons", _("verzekerden")
    RECORDS = "records", _("profielregels")


class DeliveryMode(models.TextChoices):
    """How profile records reach the insurer."""

    IN_FILE = "in_file", _("in het declaratiebestand")
    SEPARATE = "separate", _("in een apart bestand")


class DownloadKind(models.TextChoices):
    """What somebody took away."""

    EXPORT = "export", _("declaratiebestand met profielen")
    POPULATION = "population", _("verdeling van profielen")
    NUMBERS = "numbers", _("lijst met oude en nieuwe nummers")
    MANIFEST = "manifest", _("verantwoording bij een bestand")
