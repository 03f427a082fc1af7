"""What a draft keeps of the answers that it is given. Pure; the rules stand in the definition package."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.instruments.definition import (
    AnswerProblem,
    Answers,
    Instrument,
    ProblemCode,
    Question,
    Reach,
    answered_by_age,
    check,
    freeze,
    reach,
)

#: An answer that no longer applies is no mistake in a draft: an earlier answer has changed. It is set aside.
_NO_LONGER_APPLIES = {ProblemCode.NOT_ASKED, ProblemCode.TECHNICAL_CONTRADICTION}
_NOTHING: Answers = freeze({})


@dataclass(frozen=True, slots=True)
class Drafted:
    """What is in force, what is set aside because it does not apply now, and what is wrong.

    `dropped` names the questions that lost their answer by this, `returned` those that got theirs back.
    """

    answers: Answers
    dropped: tuple[str, ...]
    problems: tuple[AnswerProblem, ...]
    set_aside: Answers = field(default_factory=dict)
    returned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """How many questions have an answer, and how many apply as far as is known."""

    answered: int
    total: int


def draft(instrument: Instrument, given: Answers, *, age: int, aside: Answers = _NOTHING) -> Drafted:
    """Sort out a whole answer set of a draft; gaps are allowed.

    An answer that does not apply (any more) is set aside, and one of `aside` that applies again comes back,
    unless the question was answered anew. What follows from the age is not kept: it is answered anew
    whenever it is needed, because the anamnese's date may still change.
    """
    problems = check(instrument, given, complete=False, age=age)
    complete = with_age(instrument, {**aside, **given}, age=age)
    own = [question for question in instrument.questions if question.answered_by is None]
    hidden = {question.id for question in own if reach(instrument, question, complete) is Reach.HIDDEN}
    answers = {question.id: _in_order(question, complete) for question in own}
    return Drafted(
        answers=freeze({name: codes for name, codes in answers.items() if name not in hidden}),
        dropped=tuple(name for name in answers if name in hidden and given.get(name)),
        problems=tuple(problem for problem in problems if problem.code not in _NO_LONGER_APPLIES),
        set_aside=freeze({name: codes for name, codes in answers.items() if name in hidden}),
        returned=tuple(name for name in answers if name not in hidden | given.keys() and aside.get(name)),
    )


def with_age(instrument: Instrument, answers: Answers, *, age: int) -> Answers:
    """The answers with those that follow from the age; a contradicting one stays, so that it is found."""
    return freeze({**answered_by_age(instrument, age=age), **answers})


def without_age(instrument: Instrument, answers: Mapping[str, tuple[str, ...]]) -> Answers:
    """The answers that somebody gave: without those that follow from the age."""
    return freeze(
        {
            question: codes
            for question, codes in answers.items()
            if question not in instrument.by_id or instrument[question].answered_by is None
        }
    )


def progress(instrument: Instrument, answers: Answers) -> DraftProgress:
    """How far the answers are (age included). A question that spells out another counts once it is asked."""
    counted = [question for question in instrument.questions if _counts(instrument, question, answers)]
    return DraftProgress(
        answered=sum(1 for question in counted if answers.get(question.id)), total=len(counted)
    )


def _counts(instrument: Instrument, question: Question, answers: Answers) -> bool:
    reached = reach(instrument, question, answers)
    return reached is Reach.ASKED or (reached is Reach.OPEN and question.follows_up is None)


def _in_order(question: Question, answers: Answers) -> tuple[str, ...]:
    chosen = answers.get(question.id, ())
    return tuple(option.code for option in question.options if option.code in chosen)
