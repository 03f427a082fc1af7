"""What stands on each screen of the anamnese: questions, options, the answer so far, the last one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from questionnaires.anamneses.problem_texts import sentence
from questionnaires.instruments.definition import (
    AnswerProblem,
    Answers,
    Instrument,
    Option,
    Question,
    Reach,
    reach,
)

#: What decides whether a question stands on its screen, and whether it is answered.
RULES = {"id", "kind", "asked_when", "follows_up", "tolerated_when_not_asked"}


@dataclass(frozen=True, slots=True)
class Screen:
    """Questions that are answered together. `slug` stands in the address."""

    slug: str
    title: str
    questions: tuple[Question, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its questions."""
        return tuple(question.id for question in self.questions)


@dataclass(frozen=True, slots=True)
class LastTime:
    """An earlier anamnese of the client, whose answers are shown as a hint and never filled in."""

    day: date
    answers: Answers


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as it stands on the screen."""

    option: Option
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One question as it stands on the screen.

    `is_shown`: it applies, or it may apply and nobody minds an answer. A `fact` was answered by the
    date of birth.
    """

    question: Question
    choices: tuple[Choice, ...]
    is_shown: bool
    fact: str
    hint: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question and its answer in words, for reading over. No answer: nothing was chosen yet."""

    question: Question
    answer: tuple[str, ...]
    slug: str
    is_fact: bool
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenProblems:
    """Sentences by question, and those about questions that are not there."""

    by_question: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()


def rules_of(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What a page's script needs of an instrument to show, hide and step on: no words of it."""
    return {"groups": [], "questions": [_rule(question) for question in definition["questions"]]}


def screens_of(instrument: Instrument) -> tuple[Screen, ...]:
    """Part the questions into screens: one for each group, and one for a question with its follow-up."""
    labels = {group.id: group.label for group in instrument.groups}
    openers = {question.follows_up for question in instrument.questions if question.follows_up}
    screens: list[Screen] = []
    for (group, opener), questions in groupby(instrument.questions, _part(openers)):
        slug = group if opener is None else f"{group}-{opener.lower()}"
        title = labels[group] if opener is None else instrument[opener].subject
        screens.append(Screen(slug, title, tuple(questions)))
    return tuple(screens)


def open_screens(instrument: Instrument, answers: Answers) -> list[Screen]:
    """The screens with a question that applies, or may apply once the gates have been answered."""
    return [
        screen
        for screen in screens_of(instrument)
        if any(reach(instrument, question, answers) is not Reach.HIDDEN for question in screen.questions)
    ]


def missing(instrument: Instrument, screen: Screen, answers: Answers) -> list[Question]:
    """The questions of a screen that apply and have no answer yet."""
    return [
        question
        for question in screen.questions
        if reach(instrument, question, answers) is Reach.ASKED and not answers.get(question.id)
    ]


def first_unanswered(instrument: Instrument, answers: Answers) -> Screen | None:
    """The screen to go on with; None when every question that applies has an answer."""
    return next((s for s in open_screens(instrument, answers) if missing(instrument, s, answers)), None)


def cards_of(
    instrument: Instrument,
    screen: Screen,
    answers: Answers,
    *,
    last: LastTime | None = None,
    problems: ScreenProblems | None = None,
    set_aside: Answers | None = None,
) -> list[Card]:
    """The questions of a screen with their state; hidden ones too, for the script to show at once.

    A hidden one has its answer that is set aside: that comes back with it.
    """
    there = {**(set_aside or {}), **answers}
    found = problems or ScreenProblems()
    return [
        Card(
            question=question,
            choices=_choices(question, there),
            is_shown=_is_shown(instrument, question, answers),
            fact=", ".join(labels(question, answers)) if question.answered_by else "",
            hint=", ".join(labels(question, last.answers)) if last else "",
            errors=found.by_question.get(question.id, ()),
        )
        for question in screen.questions
    ]


def lines_of(
    instrument: Instrument, answers: Answers, problems: ScreenProblems | None = None
) -> list[tuple[Screen, list[QuestionLine]]]:
    """Every question that applies, or is wrong, with its answer in words, by screen."""
    found = problems or ScreenProblems()
    parts = [(screen, _lines(instrument, screen, answers, found)) for screen in screens_of(instrument)]
    return [(screen, lines) for screen, lines in parts if lines]


def labels(question: Question, answers: Answers) -> tuple[str, ...]:
    """The labels of the chosen options, in the order of the question."""
    chosen = answers.get(question.id, ())
    return tuple(option.label for option in question.options if option.code in chosen)


def subjects_of(instrument: Instrument, questions: Iterable[str]) -> str:
    """The subjects of questions, in words, in the order of the instrument."""
    wanted = set(questions)
    return ", ".join(question.subject for question in instrument.questions if question.id in wanted)


def in_words(instrument: Instrument, problems: Iterable[AnswerProblem]) -> ScreenProblems:
    """Problems as sentences, beside their questions."""
    by_question: dict[str, tuple[str, ...]] = {}
    elsewhere: list[str] = []
    for problem in problems:
        text = sentence(instrument, problem)
        if problem.question in instrument.by_id:
            by_question[problem.question] = (*by_question.get(problem.question, ()), text)
        else:
            elsewhere.append(text)
    return ScreenProblems(by_question, tuple(elsewhere))


def differences(instrument: Instrument, here: Answers, there: Answers) -> list[dict[str, Any]]:
    """The questions that two answer sets answer differently, in words."""
    return [
        {
            "subject": question.subject,
            "here": ", ".join(labels(question, here)),
            "stored": ", ".join(labels(question, there)),
        }
        for question in instrument.questions
        if labels(question, here) != labels(question, there)
    ]


def _rule(question: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in question.items() if name in RULES}
    return kept | {"options": [{"code": option["code"]} for option in question["options"]]}


def _part(openers: set[str]) -> Any:
    def key(question: Question) -> tuple[str, str | None]:
        opener = question.id if question.id in openers else question.follows_up
        return question.group, opener

    return key


def _choices(question: Question, answers: Answers) -> tuple[Choice, ...]:
    chosen = answers.get(question.id, ())
    return tuple(Choice(option, option.code in chosen) for option in question.options)


def _is_shown(instrument: Instrument, question: Question, answers: Answers) -> bool:
    reached = reach(instrument, question, answers)
    return reached is Reach.ASKED or (reached is Reach.OPEN and question.tolerated_when_not_asked)


def _lines(
    instrument: Instrument, screen: Screen, answers: Answers, problems: ScreenProblems
) -> list[QuestionLine]:
    return [
        QuestionLine(
            question=question,
            answer=labels(question, answers),
            slug=screen.slug,
            is_fact=question.answered_by is not None,
            errors=problems.by_question.get(question.id, ()),
        )
        for question in screen.questions
        if reach(instrument, question, answers) is not Reach.HIDDEN or question.id in problems.by_question
    ]


def neighbours_of(screens: Sequence[Screen], slug: str) -> tuple[Screen | None, Screen | None]:
    """The screens before and after one."""
    position = next(number for number, screen in enumerate(screens) if screen.slug == slug)
    before = screens[position - 1] if position else None
    after = screens[position + 1] if position + 1 < len(screens) else None
    return before, after
