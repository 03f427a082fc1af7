"""What a draft keeps of the answers that it is given. Pure; the rules stand in the definition package."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.definition import (
    Answers,
    Instrument,
    Problem,
    ProblemCode,
    Question,
    Reach,
    answered_by_age,
    check,
    freeze,
    reach,
)

#: An answer that no longer applies is no mistake in a draft: an earlier answer has changed. It is dropped.
_NO_LONGER_APPLIES = {ProblemCode.NOT_ASKED, ProblemCode.TECHNICAL_CONTRADICTION}


@dataclass(frozen=True, slots=True)
class Drafted:
    """What can be kept, which questions lost their answer because they do not apply, and what is wrong."""

    answers: Answers
    dropped: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions have an answer, and how many apply as far as is known."""

    answered: int
    total: int


def draft(instrument: Instrument, given: Answers, *, age: int) -> Drafted:
    """Sort out a whole answer set of a draft; gaps are allowed.

    What follows from the age is not kept: it is answered anew whenever it is needed, because the
    anamnese's date may still change.
    """
    problems = check(instrument, given, complete=False, age=age)
    complete = with_age(instrument, given, age=age)
    kept = {
        question.id: _in_order(question, complete)
        for question in instrument.questions
        if question.answered_by is None and reach(instrument, question, complete) is not Reach.HIDDEN
    }
    known = [question.id for question in instrument.questions if question.answered_by is None]
    return Drafted(
        answers=freeze(kept),
        dropped=tuple(question for question in known if given.get(question) and question not in kept),
        problems=tuple(problem for problem in problems if problem.code not in _NO_LONGER_APPLIES),
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


def progress(instrument: Instrument, answers: Answers) -> Progress:
    """How far the answers are (age included). A question that spells out another counts once it is asked."""
    counted = [question for question in instrument.questions if _counts(instrument, question, answers)]
    return Progress(answered=sum(1 for question in counted if answers.get(question.id)), total=len(counted))


def _counts(instrument: Instrument, question: Question, answers: Answers) -> bool:
    reached = reach(instrument, question, answers)
    return reached is Reach.ASKED or (reached is Reach.OPEN and question.follows_up is None)


def _in_order(question: Question, answers: Answers) -> tuple[str, ...]:
    chosen = answers.get(question.id, ())
    return tuple(option.code for option in question.options if option.code in chosen)
