"""From answers to a profile. Pure: no clock, no IO, no logging; the numbers stand in the model."""

from collections.abc import Sized

from profiles.engine.model import FurtherQuestion, Model
from profiles.engine.values import Answers, Contribution, Derivation, ProfileKind, UnscorableAnswers

# An attribute look-up on an enumeration costs more than adding up.
_SCORED = ProfileKind.SCORED


def derive(answers: Answers, model: Model) -> Derivation:
    """Derive the profile of one complete set of answers.

    `answers` holds exactly what applies: the gates up to the first that does not let through, or all
    gates and questions, with a further question if and only if its opener says so.
    Raises `UnscorableAnswers` for anything else.
    """
    try:
        return _exception(answers, model) or _scored(_contributions(answers, model), model)
    except KeyError:
        raise UnscorableAnswers(offending(answers, model)) from None


def applicable(answers: Answers, model: Model) -> tuple[str, ...]:
    """The questions that apply, given the answers so far, in order; answered or not."""
    reached: list[str] = []
    for gate in model.gates:
        reached.append(gate.question)
        if answers.get(gate.question) != gate.passes:
            return tuple(reached)
    reached.extend(scored.question for scored in model.questions)
    reached.extend(further.question for further in model.further if further.applies(answers))
    return tuple(reached)


def offending(answers: Answers, model: Model) -> tuple[str, ...]:
    """The questions that keep the answers from being scored: what applies first, then what does not."""
    expected = applicable(answers, model)
    wrong = [question for question in expected if not _is_legal(question, answers.get(question, ()), model)]
    return (*wrong, *(question for question in answers if question not in expected))


def _is_legal(question: str, answer: tuple[str, ...], model: Model) -> bool:
    for further in model.further:
        if further.question == question:
            return frozenset(answer) in further.contributions and len(set(answer)) == len(answer)
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
    for each in model.further:
        if each.applies(answers):
            found.append(_further(answers[each.question], each))  # noqa: PERF401 - a list of one costs more
    _require_count(answers, len(model.gates) + len(found))
    return tuple(found)


def _further(chosen: tuple[str, ...], further: FurtherQuestion) -> Contribution:
    contribution = further.contributions[frozenset(chosen)]
    _require_count(chosen, len(contribution.options))
    return contribution


def _require_count(given: Sized, expected: int) -> None:
    """Everything expected was found, so a surplus shows in the count alone."""
    if len(given) != expected:
        raise KeyError


def _scored(contributions: tuple[Contribution, ...], model: Model) -> Derivation:
    """Add up, judge and look up."""
    points = model.nothing.copy()
    for contribution in contributions:
        points[contribution.dimension] += contribution.points
    scores = tuple([start + sign * points[name] for name, start, sign, _by_score in model.scales])
    levels = tuple([model.scales[place][-1][score] for place, score in enumerate(scores)])
    return Derivation(
        code=model.codes[levels],
        kind=_SCORED,
        scores=scores,
        levels=levels,
        contributions=contributions,
        model_version=model.version,
        ruleset_hash=model.ruleset_hash,
    )
