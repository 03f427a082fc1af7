"""Age in whole years. Someone born on 29 February has a birthday on 1 March in other years."""

from dataclasses import dataclass
from datetime import date

from questionnaires.instruments.definition.answers import Answers
from questionnaires.instruments.definition.instrument import AgeRule, Instrument


@dataclass(frozen=True, slots=True)
class AgeBounds:
    """The ages for which answers hold: from `at_least` on, and below `below`; None is no bound."""

    at_least: int | None
    below: int | None


def age_on(born: date, day: date) -> int:
    """Whole years on a day; negative before the year of birth."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)


def birthday(born: date, age: int) -> date:
    """The first day on which someone has this age."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_bounds(instrument: Instrument, answers: Answers) -> AgeBounds:
    """The ages for which the answers that follow from the age would be these."""
    given = [
        (question.answered_by, answers[question.id][0])
        for question in instrument.questions
        if question.answered_by is not None and answers.get(question.id) and _tells(question.answered_by)
    ]
    at_least = [rule.age_from for rule, answer in given if answer == rule.option]
    below = [rule.age_from for rule, answer in given if answer == rule.below]
    return AgeBounds(max(at_least, default=None), min(below, default=None))


def _tells(rule: AgeRule) -> bool:
    return rule.option != rule.below
