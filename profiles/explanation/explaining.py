"""Why a profile is what it is, in words: for the page "Waarom dit profiel"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.engine import Dimension, Model, Neighbour, ProfileKind, UnscorableAnswers, neighbours
from profiles.explanation import plain_words
from profiles.schema.label_texts import label_of, said
from profiles.schema.models import ClientProfile
from profiles.timeline.versions import model_of
from questionnaires.anamneses.screens import labels
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Instrument, Question, from_json


@dataclass(frozen=True, slots=True)
class Part:
    """One answered question, and what it added to a score (`short`: in two or three letters)."""

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
    heading: str
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
        heading=scores_heading(model),
        meaning=meaning_of(profile.code, model),
        plain=plain_words.for_client(profile, model),
        scores=_scores(profile, model),
        parts=_parts(profile, instrument, model),
        one_away=_one_away(profile, instrument, model),
        model=model,
    )


def meaning_of(code: str, model: Model) -> str:
    """What an exception means for the client, to the nurse; empty where its label has to do."""
    terms = model.exceptions.get(code)
    return _(terms.meaning) if terms and terms.meaning else ""


def scores_heading(model: Model) -> str:
    """The heading above the scores of a model; small numbers are written out."""
    number = len(model.dimensions)
    return ngettext("De score", "De %(number)s scores", number) % {"number": apnumber(number)}


def _scores(profile: ClientProfile, model: Model) -> tuple[Score, ...]:
    if profile.scores is None:
        return ()
    return tuple(Score(each.id, profile.scores[each.id], rule_in_words(each)) for each in model.dimensions)


def rule_in_words(dimension: Dimension) -> str:
    """How a score comes about and how it is judged, with the thresholds of the model."""
    return " ".join(said(sentence) for sentence in dimension.rule)


def _parts(profile: ClientProfile, instrument: Instrument, model: Model) -> tuple[Part, ...]:
    return tuple(
        _part(line, instrument, model.dimension(line["dimension"]))
        for line in profile.contributions
        # What only opens the next question would say nothing.
        if line["question"] not in model.openers
    )


def _part(line: Mapping[str, object], instrument: Instrument, dimension: Dimension) -> Part:
    question, points = instrument[str(line["question"])], int(str(line["points"]))
    chosen = line["options"]
    options = tuple(str(code) for code in chosen) if isinstance(chosen, Sequence) else ()
    return Part(
        subject=question.subject,
        answer=", ".join(labels(question, {question.id: options})),
        dimension=_(dimension.name),
        short=dimension.short,
        effect=effect_in_words(dimension, points),
        counts=points > 0,
    )


def effect_in_words(dimension: Dimension, points: int) -> str:
    """What the points of an answer did to a score."""
    if not points:
        return _("geen")
    text = ngettext("%d punt", "%d punten", points) % points
    return _("%s eraf") % text if dimension.counts_down else _("%s erbij") % text


def _one_away(profile: ClientProfile, instrument: Instrument, model: Model) -> tuple[OneAway, ...]:
    try:
        found = neighbours(from_json(profile.anamnese.answers), model)
    except UnscorableAnswers:
        return ()
    # What follows from the date of birth could not have been answered otherwise. Exceptions come last:
    # a nurse is seldom in doubt there.
    possible = [each for each in found if instrument[each.question].answered_by is None]
    possible.sort(key=lambda each: (each.kind is ProfileKind.EXCEPTION, *_place(each, instrument)))
    answers: dict[tuple[str, str], list[str]] = {}
    for neighbour in possible:
        question = instrument[neighbour.question]
        answers.setdefault((question.subject, neighbour.code), []).append(_changed(neighbour, question))
    return tuple(OneAway(subject, tuple(found), code) for (subject, code), found in answers.items())


def _place(neighbour: Neighbour, instrument: Instrument) -> tuple[int, int]:
    """The place of a change in the list: its question, and its option."""
    question = instrument[neighbour.question]
    codes = [option.code for option in question.options]
    return instrument.questions.index(question), codes.index(neighbour.changed)


def _changed(neighbour: Neighbour, question: Question) -> str:
    label = next(option.label for option in question.options if option.code == neighbour.changed)
    if not question.is_multiple:
        return label
    is_more = neighbour.changed in neighbour.options
    return _("%s erbij") % label if is_more else _("zonder %s") % label.lower()
