"""A model version, ready for use: the rules as look-up tables with every contribution made beforehand.

`build` makes it once of the rules (see `rules`), whatever their format; `derive` then only looks up and
adds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from profiles.engine.rules import BalanceRules
from profiles.engine.values import Contribution, Derivation


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Dutch sentence; `values` go into its `%(name)d`."""

    text: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Level:
    """The point from which a level holds, its word, and what it means in a sentence for the client."""

    first: int
    word: str
    plain: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """One score of a model, from 0 to `maximum`. It begins at `start`, and counts up or down from there.

    `by_score` holds the level (from 0) of each score.
    """

    id: str
    position: int
    name: str
    short: str
    narrow: str
    column: str
    start: int
    counts_down: bool
    maximum: int
    levels: tuple[Level, ...]
    by_score: tuple[int, ...]
    rule: tuple[Sentence, ...]
    limit: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The dimensions in the picture of the balance, and its words."""

    left: Dimension
    right: Dimension
    below: Dimension
    words: BalanceRules


@dataclass(frozen=True, slots=True)
class ExceptionTerms:
    """What an exception means, how long it lasts, and when it asks for a new look; empty: nothing special."""

    meaning: str
    plain: str
    word: str
    lasts_days: int | None
    asks_after_months: int | None
    asks_why: str


@dataclass(frozen=True, slots=True)
class ModelGate:
    """A gate question: the answer that lets through, and the ready-made result of each other answer."""

    question: str
    passes: tuple[str, ...]
    exceptions: Mapping[tuple[str, ...], Derivation]


class ScoredQuestion(NamedTuple):
    """A question with one choice that is always asked, and the ready-made contribution of each answer."""

    question: str
    contributions: Mapping[tuple[str, ...], Contribution]


@dataclass(frozen=True, slots=True)
class FurtherQuestion:
    """A question that is asked after one answer only, or that takes several choices; or both.

    `contributions` has those of every legal answer, by the set of its options.
    """

    question: str
    opened_by: str | None
    opening: tuple[str, ...]
    is_multiple: bool
    options: tuple[str, ...]
    contributions: Mapping[frozenset[str], Contribution]

    def applies(self, answers: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether the question is asked, given the others."""
        return self.opened_by is None or answers.get(self.opened_by) == self.opening


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One version of the model, ready for use. Two models are the same when their hashes are.

    `choices` has the legal answers of each question with one choice, `codes` the code of each combination of
    levels, `openers` the questions that only open another and can never give a point, `nothing` 0 points for
    each dimension, `scales` what scoring needs of them: id, start, 1 or -1, and the level of each score.
    """

    name: str
    version: str
    ruleset_hash: str
    rules_json: str
    dimensions: tuple[Dimension, ...]
    nothing: dict[str, int]
    scales: tuple[tuple[str, int, int, tuple[int, ...]], ...]
    gates: tuple[ModelGate, ...]
    questions: tuple[ScoredQuestion, ...]
    further: tuple[FurtherQuestion, ...]
    choices: Mapping[str, tuple[tuple[str, ...], ...]]
    openers: frozenset[str]
    codes: Mapping[tuple[int, ...], str]
    labels: Mapping[str, str]
    exceptions: Mapping[str, ExceptionTerms]
    balance: Balance | None

    def dimension(self, name: str) -> Dimension:
        """The dimension with this id. Raises KeyError."""
        return {each.id: each for each in self.dimensions}[name]

    def as_rules(self) -> dict[str, Any]:
        """A fresh JSON-able copy of the rules, for a database row or the tablet."""
        rules: dict[str, Any] = json.loads(self.rules_json)
        return rules
