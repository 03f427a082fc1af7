"""Why a profile is what it is, in words: for the page "Waarom dit profiel"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from profiles.engine import Dimension, Model, Neighbour, ProfileKind, UnscorableAnswers, neighbours
from profiles.explanation import plain_words
from profiles.explanation.charts import Scale, scale_of
from profiles.schema.label_texts import label_of
from profiles.schema.models import ClientProfile
from profiles.timeline.versions import model_of
from questionnaires.anamneses.screens import labels
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Instrument, Question, from_json

#: What an exception means for the client; other models may know others, then their label has to do.
EXCEPTIONS: Mapping[str, Promise] = {
    "MKT": gettext_lazy(
        "De cliënt is op de datum van de anamnese jonger dan 18. De zorg is medische kindzorg thuis; "
        "de vragen over draagkracht en draaglast horen daar niet bij. Op de 18e verjaardag stopt dit profiel."
    ),
    "PTZ": gettext_lazy(
        "De zorg is palliatief-terminaal: de levensverwachting is korter dan drie maanden. "
        "Daarom zijn de andere vragen niet gesteld. Na drie maanden vragen we je opnieuw te kijken."
    ),
    "TIJDELIJK": gettext_lazy(
        "Je wist nog niet genoeg, maar verwacht dat binnen vier weken wel. "
        "Dit profiel geldt 28 dagen; daarna is een nieuwe anamnese nodig."
    ),
    "GEEN": gettext_lazy(
        "Er was niet genoeg bekend om de vragen te beantwoorden, en dat verandert ook niet binnen vier weken."
    ),
}


SHORT: Mapping[Dimension, str] = {
    Dimension.CAPACITY: "DK",
    Dimension.BURDEN: "DL",
    Dimension.SUPPORT_NEED: "OB",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One answered question, and what it added to a score (`short`: DK, DL or OB)."""

    subject: str
    answer: str
    dimension: str
    short: str
    effect: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One score, with the sentence that says how it is judged."""

    dimension: str
    points: int
    rule: str


@dataclass(frozen=True, slots=True)
class OneAway:
    """Single other answers to one question, each of which would have led to the same other profile."""

    subject: str
    answers: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it; `plain` is for the client. An exception has a meaning instead of scores and parts."""

    label: str
    meaning: str
    plain: tuple[str, ...]
    scores: tuple[Score, ...]
    parts: tuple[Part, ...]
    one_away: tuple[OneAway, ...]
    model: Model


def explain(profile: ClientProfile) -> Explanation:
    """Explain a profile with the versions that it was made with."""
    model = model_of(profile.model_version)
    instrument = instrument_of(profile.anamnese.instrument)
    return Explanation(
        label=label_of(profile.code, model),
        meaning=str(EXCEPTIONS.get(profile.code, "")),
        plain=plain_words.for_client(profile, model),
        scores=_scores(profile, model),
        parts=_parts(profile, instrument, model),
        one_away=_one_away(profile, instrument, model),
        model=model,
    )


def _scores(profile: ClientProfile, model: Model) -> tuple[Score, ...]:
    if profile.capacity is None or profile.burden is None or profile.support_need is None:
        return ()
    return (
        Score(Dimension.CAPACITY, profile.capacity, rule_in_words(Dimension.CAPACITY, model)),
        Score(Dimension.BURDEN, profile.burden, rule_in_words(Dimension.BURDEN, model)),
        Score(Dimension.SUPPORT_NEED, profile.support_need, rule_in_words(Dimension.SUPPORT_NEED, model)),
    )


def rule_in_words(dimension: Dimension, model: Model) -> str:
    """How a score comes about and how it is judged, with the thresholds of the model."""
    rules = {
        Dimension.CAPACITY: _capacity_rule,
        Dimension.BURDEN: _burden_rule,
        Dimension.SUPPORT_NEED: _need_rule,
    }
    return rules[dimension](model)


def _capacity_rule(model: Model) -> str:
    start = model.thresholds.strong_capacity_from
    rule = _("Begint op %(full)d; elk probleem gaat eraf. Draagkrachtig is het vanaf %(start)d.") % {
        "full": model.full_capacity,
        "start": start,
    }
    if start == model.full_capacity:
        return f"{rule} {_('Eén probleem is dus al genoeg voor verminderd draagkrachtig.')}"
    return rule


def _burden_rule(model: Model) -> str:
    start = model.thresholds.raised_burden_from
    return _("Mantelzorg en verwacht verloop bij elkaar. Verhoogd is het vanaf %d.") % start


def _need_rule(model: Model) -> str:
    thresholds = model.thresholds
    return _("Alle hulp bij elkaar. Gemiddeld is het vanaf %(medium)d, hoog vanaf %(high)d.") % {
        "medium": thresholds.medium_need_from,
        "high": thresholds.high_need_from,
    }


def _parts(profile: ClientProfile, instrument: Instrument, model: Model) -> tuple[Part, ...]:
    opener = model.technical.opened_by
    return tuple(
        _part(line, instrument, scale_of(Dimension(line["dimension"]), model))
        for line in profile.contributions
        # Only opens the next question; its line would say nothing.
        if line["question"] != opener or line["points"]
    )


def _part(line: Mapping[str, object], instrument: Instrument, scale: Scale) -> Part:
    question, points = instrument[str(line["question"])], int(str(line["points"]))
    chosen = line["options"]
    options = tuple(str(code) for code in chosen) if isinstance(chosen, Sequence) else ()
    return Part(
        subject=question.subject,
        answer=", ".join(labels(question, {question.id: options})),
        dimension=scale.name,
        short=SHORT[scale.dimension],
        effect=effect_in_words(scale.dimension, points),
        counts=points > 0,
    )


def effect_in_words(dimension: Dimension, points: int) -> str:
    """What the points of an answer did to a score."""
    if not points:
        return _("geen")
    text = ngettext("%d punt", "%d punten", points) % points
    return _("%s eraf") % text if dimension is Dimension.CAPACITY else _("%s erbij") % text


def _one_away(profile: ClientProfile, instrument: Instrument, model: Model) -> tuple[OneAway, ...]:
    try:
        found = neighbours(from_json(profile.anamnese.answers), model)
    except UnscorableAnswers:
        return ()
    # What follows from the date of birth could not have been answered otherwise. Exceptions come last:
    # a nurse is seldom in doubt there.
    possible = [each for each in found if instrument[each.question].answered_by is None]
    possible.sort(key=lambda neighbour: neighbour.kind is ProfileKind.EXCEPTION)
    answers: dict[tuple[str, str], list[str]] = {}
    for neighbour in possible:
        question = instrument[neighbour.question]
        answers.setdefault((question.subject, neighbour.code), []).append(_changed(neighbour, question))
    return tuple(OneAway(subject, tuple(found), code) for (subject, code), found in answers.items())


def _changed(neighbour: Neighbour, question: Question) -> str:
    label = next(option.label for option in question.options if option.code == neighbour.changed)
    if not question.is_multiple:
        return label
    is_more = neighbour.changed in neighbour.options
    return _("%s erbij") % label if is_more else _("zonder %s") % label.lower()
