"""A model version, ready for use: the rules as look-up tables with every contribution made beforehand.

`build` makes them once of the rules (see `rules`), whatever their format; `derive` then only looks up and
adds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, NamedTuple

from profiles.engine.rules import (
    BalanceRules,
    DimensionRules,
    ExceptionRules,
    GateRules,
    QuestionRules,
    Rules,
    canonical_json,
    ruleset_hash,
)
from profiles.engine.values import Contribution, Derivation, ProfileKind


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
    each dimension.
    """

    name: str
    version: str
    ruleset_hash: str
    rules_json: str
    dimensions: tuple[Dimension, ...]
    nothing: dict[str, int]
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


def build_from(rules: Rules, *, published: Mapping[str, Any]) -> Model:
    """Turn rules into a model with all its tables made; `published` is what is hashed and stored."""
    fingerprint = ruleset_hash(published)
    dimensions = _dimensions(rules)
    by_id = {each.id: each for each in dimensions}
    always, further = _parted(rules["questions"])
    return Model(
        name=rules["model"],
        version=rules["version"],
        ruleset_hash=fingerprint,
        rules_json=canonical_json(published),
        dimensions=dimensions,
        nothing=dict.fromkeys(by_id, 0),
        gates=tuple(_gate(gate, rules["version"], fingerprint) for gate in rules["gates"]),
        questions=tuple(_question(question) for question in always),
        further=tuple(_further(question) for question in further),
        choices=_choices(rules),
        openers=_openers(rules["questions"]),
        codes={tuple(profile["levels"]): profile["code"] for profile in rules["profiles"]},
        labels={entry["code"]: entry["label"] for entry in chain(rules["profiles"], rules["exceptions"])},
        exceptions={entry["code"]: _terms(entry) for entry in rules["exceptions"]},
        balance=_balance(rules["balance"], by_id) if "balance" in rules else None,
    )


def _parted(questions: Sequence[QuestionRules]) -> tuple[list[QuestionRules], list[QuestionRules]]:
    """Part what is always asked with one choice from the rest."""
    is_plain = [not question.get("several") and "opened_by" not in question for question in questions]
    pairs = list(zip(questions, is_plain, strict=True))
    return [each for each, plain in pairs if plain], [each for each, plain in pairs if not plain]


def _dimensions(rules: Rules) -> tuple[Dimension, ...]:
    return tuple(
        _dimension(position, dimension, rules["questions"])
        for position, dimension in enumerate(rules["dimensions"])
    )


def _dimension(position: int, rules: DimensionRules, questions: Sequence[QuestionRules]) -> Dimension:
    counts_down = "counts_down_from" in rules
    start = rules.get("counts_down_from", 0)
    maximum = start if counts_down else most_points(rules["id"], questions)
    levels = tuple(Level(**level) for level in rules["levels"])
    return Dimension(
        id=rules["id"],
        position=position,
        name=rules["name"],
        short=rules["short"],
        narrow=rules.get("narrow", rules["name"]),
        column=rules["column"],
        start=start,
        counts_down=counts_down,
        maximum=maximum,
        levels=levels,
        by_score=tuple(
            sum(score >= level.first for level in levels[1:]) for score in range(max(maximum, 0) + 1)
        ),
        rule=tuple(Sentence(**sentence) for sentence in rules["rule"]),
        limit=rules.get("limit", ""),
    )


def most_points(dimension: str, questions: Sequence[QuestionRules]) -> int:
    """The most points that the questions of a dimension can give together."""
    own = (question for question in questions if question["dimension"] == dimension)
    return sum((sum if question.get("several") else max)(question["points"].values()) for question in own)


def _gate(gate: GateRules, version: str, fingerprint: str) -> ModelGate:
    return ModelGate(
        question=gate["question"],
        passes=(gate["passes"],),
        exceptions={
            (option,): _exception(code, version, fingerprint) for option, code in gate["exceptions"].items()
        },
    )


def _exception(code: str, version: str, fingerprint: str) -> Derivation:
    return Derivation(code, ProfileKind.EXCEPTION, (), (), (), version, fingerprint)


def _question(rules: QuestionRules) -> ScoredQuestion:
    question, dimension = rules["question"], rules["dimension"]
    return ScoredQuestion(
        question=question,
        contributions={
            (option,): Contribution(question, dimension, (option,), points)
            for option, points in rules["points"].items()
        },
    )


def _further(rules: QuestionRules) -> FurtherQuestion:
    question, dimension, points = rules["question"], rules["dimension"], rules["points"]
    is_multiple = rules.get("several", False)
    counts = range(1, len(points) + 1) if is_multiple else (1,)
    return FurtherQuestion(
        question=question,
        opened_by=rules.get("opened_by"),
        opening=(rules.get("opening", ""),),
        is_multiple=is_multiple,
        options=tuple(points),
        contributions={
            frozenset(chosen): Contribution(question, dimension, chosen, sum(points[code] for code in chosen))
            for count in counts
            for chosen in combinations(points, count)
        },
    )


def _choices(rules: Rules) -> dict[str, tuple[tuple[str, ...], ...]]:
    gates = {gate["question"]: (gate["passes"], *gate["exceptions"]) for gate in rules["gates"]}
    single = {
        question["question"]: tuple(question["points"])
        for question in rules["questions"]
        if not question.get("several")
    }
    return {
        question: tuple((option,) for option in options) for question, options in (gates | single).items()
    }


def _openers(questions: Sequence[QuestionRules]) -> frozenset[str]:
    opened_by = {question.get("opened_by") for question in questions}
    return frozenset(
        question["question"]
        for question in questions
        if question["question"] in opened_by and not any(question["points"].values())
    )


def _terms(rules: ExceptionRules) -> ExceptionTerms:
    return ExceptionTerms(
        meaning=rules.get("meaning", ""),
        plain=rules.get("plain", ""),
        word=rules.get("word", ""),
        lasts_days=rules.get("lasts_days"),
        asks_after_months=rules.get("asks_after_months"),
        asks_why=rules.get("asks_why", ""),
    )


def _balance(words: BalanceRules, by_id: Mapping[str, Dimension]) -> Balance:
    return Balance(by_id[words["left"]], by_id[words["right"]], by_id[words["below"]], words)
