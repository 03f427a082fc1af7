"""The rules on answers: what is asked, what is wrong, and what is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from questionnaires.instruments.definition.answers import Answers, freeze
from questionnaires.instruments.definition.instrument import Instrument, Question


class ProblemCode(StrEnum):
    """What can be wrong with an answer."""

    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY_OPTIONS = "too_many_options"
    DUPLICATE_OPTION = "duplicate_option"
    MISSING = "missing"
    NOT_ASKED = "not_asked"
    TECHNICAL_CONTRADICTION = "technical_contradiction"
    AGE_CONTRADICTION = "age_contradiction"


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One thing that is wrong, at one question. It never holds the answer itself."""

    question: str
    code: ProblemCode


class Reach(Enum):
    """Whether a question applies. OPEN: the answers that decide it are not (rightly) given yet."""

    ASKED = auto()
    HIDDEN = auto()
    OPEN = auto()


def asked(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """The ids of the questions that apply, given the answers so far, in order."""
    return tuple(
        question.id
        for question in instrument.questions
        if reach(instrument, question, answers) is Reach.ASKED
    )


def reach(instrument: Instrument, question: Question, answers: Answers) -> Reach:
    """Whether one question applies, given the answers so far."""
    outcome = Reach.ASKED
    for condition in question.asked_when:
        answer = answers.get(condition.question, ())
        if answer == (condition.option,):
            continue
        if _is_settled(instrument[condition.question], answer):
            return Reach.HIDDEN
        outcome = Reach.OPEN
    return outcome


def stored(instrument: Instrument, answers: Answers) -> Answers:
    """Only what was asked, in the instrument's order of questions and options: hidden is absent."""
    return freeze(
        {
            question: tuple(
                option.code
                for option in instrument[question].options
                if option.code in answers.get(question, ())
            )
            for question in asked(instrument, answers)
        }
    )


def check(
    instrument: Instrument, answers: Answers, *, complete: bool, age: int | None = None
) -> tuple[AnswerProblem, ...]:
    """Every problem of the answers, in the instrument's order; unknown questions come last.

    With `complete` (finishing, importing) what is asked must also be answered; a draft may have gaps.
    `age`: whole years on the anamnese's date, when the date of birth is known.
    """
    problems: list[AnswerProblem] = []
    for question in instrument.questions:
        found = _question_problems(instrument, question, answers, complete=complete)
        problems.extend(AnswerProblem(question.id, code) for code in found)
        if age is not None and _contradicts_age(question, answers.get(question.id, ()), age):
            problems.append(AnswerProblem(question.id, ProblemCode.AGE_CONTRADICTION))
    unknown = (question for question in answers if question not in instrument.by_id)
    problems.extend(AnswerProblem(question, ProblemCode.UNKNOWN_QUESTION) for question in unknown)
    return tuple(problems)


def answered_by_age(instrument: Instrument, *, age: int) -> Answers:
    """The answers that follow from the age in whole years, and so are not asked of anyone."""
    return freeze(
        {
            question.id: (question.answered_by.answer(age),)
            for question in instrument.questions
            if question.answered_by is not None
        }
    )


def _question_problems(
    instrument: Instrument, question: Question, answers: Answers, *, complete: bool
) -> Iterator[ProblemCode]:
    answer, reached = answers.get(question.id, ()), reach(instrument, question, answers)
    if not answer:
        if complete and reached is Reach.ASKED:
            yield ProblemCode.TECHNICAL_CONTRADICTION if question.follows_up else ProblemCode.MISSING
    elif reached is Reach.HIDDEN and not question.tolerated_when_not_asked:
        yield _superfluous(instrument, question, answers)
    else:
        yield from _answer_problems(question, answer)


def _superfluous(instrument: Instrument, question: Question, answers: Answers) -> ProblemCode:
    """Beside a "no" that it should spell out it is a contradiction; else it just does not apply."""
    followed = question.follows_up
    if followed is not None and reach(instrument, instrument[followed], answers) is not Reach.HIDDEN:
        return ProblemCode.TECHNICAL_CONTRADICTION
    return ProblemCode.NOT_ASKED


def _answer_problems(question: Question, answer: tuple[str, ...]) -> Iterator[ProblemCode]:
    if not question.codes.issuperset(answer):
        yield ProblemCode.UNKNOWN_OPTION
    if len(answer) > 1 and not question.is_multiple:
        yield ProblemCode.TOO_MANY_OPTIONS
    elif len(set(answer)) != len(answer):
        yield ProblemCode.DUPLICATE_OPTION


def _is_settled(question: Question, answer: tuple[str, ...]) -> bool:
    return len(answer) == 1 and answer[0] in question.codes


def _contradicts_age(question: Question, answer: tuple[str, ...], age: int) -> bool:
    rule = question.answered_by
    return rule is not None and _is_settled(question, answer) and answer[0] != rule.answer(age)
