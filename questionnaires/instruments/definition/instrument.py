"""An instrument as immutable values: what is asked, of whom, and with which answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class QuestionKind(StrEnum):
    """How many options an answer has: exactly one, or one or more."""

    SINGLE = "single"
    MULTIPLE = "multiple"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `label` is on the screen, `definition` one tap away."""

    code: str
    label: str
    definition: str
    regulator_code: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when `question` (with one choice) was answered with `option`."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class AgeRule:
    """The question follows from the age in whole years on the anamnese's date.

    `option` is the answer from `age_from` years on, `below` the answer of the younger.
    """

    age_from: int
    option: str
    below: str

    def answer(self, age: int) -> str:
        """The code of the option for this age in whole years."""
        return self.option if age >= self.age_from else self.below


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """A heading that questions share."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    It is asked when all of `asked_when` hold. `tolerated_when_not_asked`: a legal answer that was
    given all the same is no problem, but it does not count. `follows_up` names the question whose answer
    this one spells out: the two may not contradict each other.
    """

    id: str
    group: str
    kind: QuestionKind
    subject: str
    text: str
    help: str
    options: tuple[Option, ...]
    asked_when: tuple[Condition, ...] = ()
    tolerated_when_not_asked: bool = False
    follows_up: str | None = None
    answered_by: AgeRule | None = None
    codes: frozenset[str] = field(init=False, repr=False, compare=False)
    spellings: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Frozen, so this is the one way to keep what follows from the options beside them.
        object.__setattr__(self, "codes", frozenset(option.code for option in self.options))
        spellings = {option.regulator_code: option.code for option in self.options if option.regulator_code}
        object.__setattr__(self, "spellings", MappingProxyType(spellings))

    def code_for(self, spelling: str) -> str:
        """Our code for a spelling of the regulator's; any other spelling stays as it is."""
        return self.spellings.get(spelling, spelling)

    @property
    def is_multiple(self) -> bool:
        """Whether an answer may hold more than one option."""
        return self.kind is QuestionKind.MULTIPLE


@dataclass(frozen=True, slots=True)
class Instrument:
    """A version of a questionnaire. `definition_hash` is that of the definition it was read from."""

    name: str
    version: str
    title: str
    definition_hash: str
    groups: tuple[QuestionGroup, ...]
    questions: tuple[Question, ...]
    by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {question.id: question for question in self.questions}
        object.__setattr__(self, "by_id", MappingProxyType(by_id))

    def __getitem__(self, question: str) -> Question:
        return self.by_id[question]
