"""What became of a job, in words for whoever asked for it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarations.outgoing.constants import JobState, Refusal
from declarations.outgoing.models import ExportJob


def told_of(job: ExportJob) -> str:
    """Return in words why a file was not made or not released; empty while it is made, and when it was."""
    if job.state == JobState.UNSOUND:
        return _("Het bestand is niet vrijgegeven: onze eigen controle vond fouten.")
    if job.state == JobState.FAILED:
        return _("Het maken van het bestand is vijf keer niet gelukt.")
    return _refused(job.refusal, job.refused_count) if job.state == JobState.REFUSED else ""


def _refused(refusal: str, count: int) -> str:
    if refusal == Refusal.FACTS_CHANGED:
        sentence = ngettext(
            "Het bestand is nog niet gemaakt. Van %(count)d verzekerde veranderde er intussen iets: die is "
            "opnieuw nagekeken. Kijk hoe het er nu voor staat en maak het bestand dan.",
            "Het bestand is nog niet gemaakt. Van %(count)d verzekerden veranderde er intussen iets: die "
            "zijn opnieuw nagekeken. Kijk hoe het er nu voor staat en maak het bestand dan.",
            count,
        )
        return sentence % {"count": count}
    if refusal == Refusal.STILL_QUEUED:
        return _("Het bestand is nog niet gemaakt: er staan weer verzekerden in de wachtrij.")
    return _("Dit bestand is ingetrokken. Er kan niets meer mee.")
