"""The values that go into and come out of the engine; all of them immutable."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Question id to the chosen option codes; a question with one choice has a tuple of one.
Answers = Mapping[str, tuple[str, ...]]


class ProfileKind(StrEnum):
    """What sort of profile it is; the values are those that files and programs were promised."""

    SCORED = "dkdl"
    EXCEPTION = "uitzondering"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answered question does: `points` for a score, or off it where that counts down."""

    question: str
    dimension: str
    options: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derived profile.

    `scores` and `levels` (from 0, the lowest) are in the order of the model's dimensions. An exception has
    neither, and no contributions.
    """

    code: str
    kind: ProfileKind
    scores: tuple[int, ...]
    levels: tuple[int, ...]
    contributions: tuple[Contribution, ...]
    model_version: str
    ruleset_hash: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One other answer that leads to another profile.

    `options` is the whole answer to `question` after the change, `changed` the one option that is
    chosen instead, or that is added to (or taken from) a question with several choices.
    """

    question: str
    options: tuple[str, ...]
    changed: str
    code: str
    kind: ProfileKind


class UnscorableAnswers(ValueError):  # noqa: N818 - reads as what it is: answers that cannot be scored
    """Answers outside the model's domain: unknown, missing or superfluous. Carries question ids only."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__(f"cannot be scored, look at: {', '.join(questions)}")
        self.questions = questions
