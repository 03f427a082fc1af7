"""Questionnaires as data: definitions, answers and the rules between them. Standard library only."""

from questionnaires.instruments.definition.age import AgeBounds, age_bounds, age_on, birthday
from questionnaires.instruments.definition.answers import (
    Answers,
    AnswersFormatError,
    freeze,
    from_cells,
    from_json,
    to_json,
)
from questionnaires.instruments.definition.checking import (
    AnswerProblem,
    ProblemCode,
    Reach,
    answered_by_age,
    asked,
    check,
    reach,
    stored,
)
from questionnaires.instruments.definition.instrument import (
    AgeRule,
    Condition,
    Instrument,
    Option,
    Question,
    QuestionGroup,
    QuestionKind,
)
from questionnaires.instruments.definition.loading import DefinitionError, definition_hash, load

__all__ = [
    "AgeBounds",
    "AgeRule",
    "AnswerProblem",
    "Answers",
    "AnswersFormatError",
    "Condition",
    "DefinitionError",
    "Instrument",
    "Option",
    "ProblemCode",
    "Question",
    "QuestionGroup",
    "QuestionKind",
    "Reach",
    "age_bounds",
    "age_on",
    "answered_by_age",
    "asked",
    "birthday",
    "check",
    "definition_hash",
    "freeze",
    "from_cells",
    "from_json",
    "load",
    "reach",
    "stored",
    "to_json",
]
