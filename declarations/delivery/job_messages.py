"""What became of a job, in words for whoever asked for it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from declarations.schema.delivery_constants import KEPT_FINDINGS, JobState, MakingRefusal
from declarations.schema.delivery_models import ExportJob
from declarations.schema.exceptions import BrokenFileError, FileProblem, UnsoundExportError


def told_of(job: ExportJob) -> str:
    """Return in words why a file was not made or not released; empty while it is made, and when it was."""
    if job.state == JobState.UNSOUND:
        return _("Het bestand is niet vrijgegeven: onze eigen controle vond fouten.")
    if job.state == JobState.FAILED:
        return _given_up(job)
    return _refused(job.refusal, job.refused_count) if job.state == JobState.REFUSED else ""


def _given_up(job: ExportJob) -> str:
    if job.refusal == MakingRefusal.UNREADABLE:
        return _(
            "Het bestand is niet gemaakt: wat is opgeslagen, is niet te lezen. Een sleutel ontbreekt of er "
            "is iets beschadigd. Opnieuw proberen helpt pas als de beheerder dat heeft hersteld."
        )
    if job.refusal == MakingRefusal.DEFECT:
        return _(
            "Het bestand is niet gemaakt door een fout van ons. Opnieuw proberen helpt niet voordat die is "
            "hersteld."
        )
    return _("Het maken van het bestand is vijf keer niet gelukt.")


def stored_findings(broken: BrokenFileError) -> list[dict[str, Any]]:
    """Return what our own checker has against a file, as a job keeps it and a page shows it: the first."""
    found = broken.findings if isinstance(broken, UnsoundExportError) else ()
    return [_stored(each) for each in found[:KEPT_FINDINGS]]


def _stored(problem: FileProblem) -> dict[str, Any]:
    about = {"line": problem.line, "field": problem.field, "name": problem.name}
    return about | {
        "message": problem.sentence,
        "rule": problem.rule,
        "return_code": problem.return_code,
    }


def _refused(refusal: str, count: int) -> str:
    if refusal == MakingRefusal.FACTS_CHANGED:
        sentence = ngettext(
            "Het bestand is nog niet gemaakt. Van %(count)d verzekerde veranderde er intussen iets: die is "
            "opnieuw nagekeken. Kijk hoe het er nu voor staat en maak het bestand dan.",
            "Het bestand is nog niet gemaakt. Van %(count)d verzekerden veranderde er intussen iets: die "
            "zijn opnieuw nagekeken. Kijk hoe het er nu voor staat en maak het bestand dan.",
            count,
        )
        return sentence % {"count": count}
    if refusal == MakingRefusal.STILL_QUEUED:
        return _("Het bestand is nog niet gemaakt: er staan weer verzekerden in de wachtrij.")
    if refusal == MakingRefusal.NOTHING_WAITS:
        return _("Er is niets gemaakt: er wacht geen profiel meer voor deze verzekeraar.")
    if refusal == MakingRefusal.NUMBERS_USED_UP:
        return _(
            "Het bestand is niet gemaakt: alle nummers van dit jaar zijn op. Vraag de beheerder om bij "
            "Grondslagen een ander voorvoegsel te kiezen, en laat het dan opnieuw maken."
        )
    if refusal == MakingRefusal.TOO_MANY_RECORDS:
        return _(
            "Het bestand is niet gemaakt: met de profielregels erbij past het aantal records niet meer in "
            "het sluitrecord. Laat de declaratie over meer bestanden verdelen, of sla verzekerden over."
        )
    return _("Dit bestand is ingetrokken. Er kan niets meer mee.")
