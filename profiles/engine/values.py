"""The values that go into and come out of the engine; all of them immutable."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Question id to the chosen option codes; a question with one choice has a tuple of one.
Answers = Mapping[str, tuple[str, ...]]


class ProfileKind(StrEnum):
    """What sort of profile it is; the values are those of the derivation file."""

    DKDL = "dkdl"
    EXCEPTION = "uitzondering"


class Dimension(StrEnum):
    """The three scores of the model: DK, DL and OB."""

    CAPACITY = "capacity"
    BURDEN = "burden"
    SUPPORT_NEED = "support_need"


class NeedLevel(StrEnum):
    """The three bands of the support need."""

    LOW = "laag"
    MEDIUM = "gemiddeld"
    HIGH = "hoog"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answered question adds: `points` count against capacity, or towards burden or need."""

    question: str
    dimension: Dimension
    options: tuple[str, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derived profile.

    `capacity` is 0..7, `burden` 0..3, `support_need` 0..18; these three, the two judgements and the
    level are None for an exception, which has no contributions either.
    """

    code: str
    kind: ProfileKind
    capacity: int | None
    burden: int | None
    support_need: int | None
    is_strong: bool | None
    is_burdened: bool | None
    need_level: NeedLevel | None
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
