"""From answers to a profile. Pure: no clock, no IO, no logging; the numbers stand in the model."""

from collections.abc import Sized

from profiles.engine.dkdl_2_0 import DKDL_2_0
from profiles.engine.model import Model
from profiles.engine.values import (
    Answers,
    Contribution,
    Derivation,
    Dimension,
    NeedLevel,
    ProfileKind,
    UnscorableAnswers,
)

# Attribute look-ups on an enumeration cost more than all of the adding up.
_CAPACITY, _BURDEN = Dimension.CAPACITY, Dimension.BURDEN


def derive(answers: Answers, model: Model = DKDL_2_0) -> Derivation:
    """Derive the profile of one complete set of answers.

    `answers` holds exactly what applies: the gates up to the first that does not let through, or all
    gates and questions, with the technical question if and only if its opener says so.
    Raises `UnscorableAnswers` for anything else.
    """
    try:
        return _exception(answers, model) or _scored(_contributions(answers, model), model)
    except KeyError:
        raise UnscorableAnswers(offending(answers, model)) from None


def applicable(answers: Answers, model: Model = DKDL_2_0) -> tuple[str, ...]:
    """The questions that apply, given the answers so far, in order; answered or not."""
    reached: list[str] = []
    for gate in model.gates:
        reached.append(gate.question)
        if answers.get(gate.question) != gate.passes:
            return tuple(reached)
    reached.extend(scored.question for scored in model.questions)
    if answers.get(model.technical.opened_by) == model.technical.opening:
        reached.append(model.technical.question)
    return tuple(reached)


def offending(answers: Answers, model: Model = DKDL_2_0) -> tuple[str, ...]:
    """The questions that keep the answers from being scored: what applies first, then what does not."""
    expected = applicable(answers, model)
    wrong = [question for question in expected if not _is_legal(question, answers.get(question, ()), model)]
    return (*wrong, *(question for question in answers if question not in expected))


def _is_legal(question: str, answer: tuple[str, ...], model: Model) -> bool:
    if question == model.technical.question:
        return frozenset(answer) in model.technical.contributions and len(set(answer)) == len(answer)
    return answer in model.choices[question]


def _exception(answers: Answers, model: Model) -> Derivation | None:
    """The exception of the first gate that does not let through; None when all do."""
    for position, gate in enumerate(model.gates, start=1):
        answer = answers[gate.question]
        if answer != gate.passes:
            _require_count(answers, position)
            return gate.exceptions[answer]
    return None


def _contributions(answers: Answers, model: Model) -> tuple[Contribution, ...]:
    found = [by_answer[answers[question]] for question, by_answer in model.questions]
    technical = model.technical
    if answers[technical.opened_by] == technical.opening:
        chosen = answers[technical.question]
        contribution = technical.contributions[frozenset(chosen)]
        _require_count(chosen, len(contribution.options))
        found.append(contribution)
    _require_count(answers, len(model.gates) + len(found))
    return tuple(found)


def _require_count(given: Sized, expected: int) -> None:
    """Everything expected was found, so a surplus shows in the count alone."""
    if len(given) != expected:
        raise KeyError


def _scored(contributions: tuple[Contribution, ...], model: Model) -> Derivation:
    """Add up, judge and number."""
    capacity, burden, support_need = model.full_capacity, 0, 0
    for contribution in contributions:
        if contribution.dimension is _CAPACITY:
            capacity -= contribution.points
        elif contribution.dimension is _BURDEN:
            burden += contribution.points
        else:
            support_need += contribution.points
    is_strong = capacity >= model.thresholds.strong_capacity_from
    is_burdened = burden >= model.thresholds.raised_burden_from
    need_level = _need_level(support_need, model)
    number = _number(is_strong=is_strong, is_burdened=is_burdened, need_level=need_level, model=model)
    return Derivation(
        code=model.codes[number],
        kind=ProfileKind.DKDL,
        capacity=capacity,
        burden=burden,
        support_need=support_need,
        is_strong=is_strong,
        is_burdened=is_burdened,
        need_level=need_level,
        contributions=contributions,
        model_version=model.version,
        ruleset_hash=model.ruleset_hash,
    )


def _need_level(support_need: int, model: Model) -> NeedLevel:
    if support_need >= model.thresholds.high_need_from:
        return NeedLevel.HIGH
    if support_need >= model.thresholds.medium_need_from:
        return NeedLevel.MEDIUM
    return NeedLevel.LOW


def _number(*, is_strong: bool, is_burdened: bool, need_level: NeedLevel, model: Model) -> int:
    numbering = model.numbering
    number = numbering.strong_capacity if is_strong else numbering.reduced_capacity
    if is_burdened:
        number += numbering.raised_burden
    if need_level is NeedLevel.HIGH:
        number += numbering.high_need
    elif need_level is NeedLevel.MEDIUM:
        number += numbering.medium_need
    return number
