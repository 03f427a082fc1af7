"""What stands on the summary of an anamnese and its profile. In Dutch: paper is for others to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.schema.models import Organisation
from profiles.engine import Model
from profiles.explanation.charts import BalancePicture, balance_picture, leaning, scale_of
from profiles.explanation.explaining import Explanation, Score, effect_in_words, explain
from profiles.explanation.pdf.rendering import Page, PaperFact
from profiles.schema.known_codes import code_word
from profiles.schema.models import ClientProfile
from profiles.timeline.history import HistoryEntry
from questionnaires.anamneses.screens import labels
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Instrument, from_json


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score in words, with how it is judged."""

    hue: str
    name: str
    points: str
    word: str
    rule: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question, what was answered, and what that did to a score (nothing for a gate question)."""

    subject: str
    answer: str
    effect: str
    counts: bool


@dataclass(frozen=True, slots=True)
class BalanceSide:
    """A score in the picture: its name and its colour."""

    name: str
    hue: str


@dataclass(frozen=True, slots=True)
class PaperBalance:
    """The balance, where everything stands in it, and the same in words."""

    picture: BalancePicture
    left: BalanceSide
    right: BalanceSide
    below: BalanceSide
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Page):
    """One page for colleagues and for the conversation with the client."""

    notice: str
    code: str
    label: str
    meaning: str
    balance: PaperBalance | None
    scores: tuple[ScoreLine, ...]
    heads: tuple[str, str, str]
    headings: tuple[str, str]
    answers: tuple[AnswerLine, ...]
    versions: str
    promise: str


@translation.override(settings.LANGUAGE_CODE)
def summary_of(entry: HistoryEntry, *, organisation: Organisation, today: date) -> Summary:
    """Put a profile and its anamnese in words. The client of the profile is read, name included."""
    profile = entry.profile
    instrument, why = instrument_of(profile.anamnese.instrument), explain(profile)
    scores = _scores(why)
    return Summary(
        title=_("Anamnese en cliëntprofiel"),
        organisation=organisation.name,
        facts=_facts(profile, is_replaced=entry.is_replaced),
        notice=_notice(entry),
        code=code_word(profile.code),
        label=why.label,
        meaning=why.meaning,
        balance=_balance(profile, why.model),
        scores=scores,
        heads=(_("Vraag"), _("Antwoord"), _("Gevolg voor de score")),
        headings=(_("Hoe het profiel ontstaat"), _("De antwoorden")),
        answers=_answers(profile, instrument, why.model),
        versions=_versions(profile, today),
        promise=promise(),
        printed=today,
        template="summary.typ",
    )


def promise() -> str:
    """Return the one sentence that stands under every page of the product."""
    return str(render_to_string("components/promise.html")).strip()


def _facts(profile: ClientProfile, *, is_replaced: bool) -> tuple[PaperFact, ...]:
    client, nurse = profile.client, profile.anamnese.nurse
    facts = [
        PaperFact(_("Cliënt"), client.name),
        PaperFact(_("Geboren"), date_format(client.date_of_birth, "j F Y")),
        PaperFact(_("Anamnese van"), date_format(profile.date, "j F Y")),
        PaperFact(_("Ingevuld door"), nurse.name if nurse else _("ingelezen uit een bestand")),
        PaperFact(_("Team"), client.team.name),
    ]
    if not is_replaced:
        facts.append(PaperFact(_("Geldt"), _days(profile)))
    return tuple(facts)


def _days(profile: ClientProfile) -> str:
    if profile.period.isempty:
        return _("op geen enkele dag")
    first, until = date_format(profile.period.lower, "j F Y"), profile.period.upper
    if until is None:
        return _("vanaf %s") % first
    return _("van %(first)s tot %(until)s") % {"first": first, "until": date_format(until, "j F Y")}


def _notice(entry: HistoryEntry) -> str:
    if entry.is_replaced:
        return _("Dit profiel geldt niet meer: de anamnese is gecorrigeerd. Reden: %s") % entry.reason
    if entry.contradicts_age:
        return _("Deze anamnese past niet bij de geboortedatum en telt niet mee tot zij is verbeterd.")
    if entry.profile.anamnese.corrects_id:
        reason = entry.profile.anamnese.correction_reason
        return str(_("Deze anamnese is een correctie van een eerdere. Reden: %s") % reason)
    return ""


def _scores(why: Explanation) -> tuple[ScoreLine, ...]:
    return tuple(_score(score, why.model) for score in why.scores)


def _score(score: Score, model: Model) -> ScoreLine:
    scale = scale_of(model.dimension(score.dimension))
    return ScoreLine(
        hue=scale.hue,
        name=scale.name,
        points=_("%(points)d van %(most)d") % {"points": score.points, "most": scale.maximum},
        word=scale.word(score.points),
        rule=score.rule,
    )


def _balance(profile: ClientProfile, model: Model) -> PaperBalance | None:
    if profile.scores is None or model.balance is None:
        return None
    scales = [scale_of(each) for each in (model.balance.left, model.balance.right, model.balance.below)]
    left, right, below = (BalanceSide(scale.name, scale.hue) for scale in scales)
    return PaperBalance(
        picture=balance_picture(profile.scores, model.balance),
        left=left,
        right=right,
        below=below,
        alt=leaning(profile.scores, model.balance),
    )


def _answers(profile: ClientProfile, instrument: Instrument, model: Model) -> tuple[AnswerLine, ...]:
    answers = from_json(profile.anamnese.answers)
    lines = {str(line["question"]): line for line in profile.contributions}
    return tuple(
        AnswerLine(
            question.subject, ", ".join(labels(question, answers)), *_effect(lines.get(question.id), model)
        )
        for question in instrument.questions
        if answers.get(question.id)
    )


def _effect(line: Mapping[str, Any] | None, model: Model) -> tuple[str, bool]:
    if line is None:
        return "", False
    dimension, points = model.dimension(line["dimension"]), int(line["points"])
    effect = effect_in_words(dimension, points)
    return (f"{dimension.short}: {effect}" if points else effect), points > 0


def _versions(profile: ClientProfile, today: date) -> str:
    return _("Vragenlijst %(list)s · model %(model)s · regels %(hash)s · afgedrukt op %(day)s") % {
        "list": profile.anamnese.instrument.version,
        "model": profile.model_version.version,
        "hash": profile.ruleset_hash,
        "day": date_format(today, "j F Y"),
    }
