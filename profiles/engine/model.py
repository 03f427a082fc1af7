"""A model version: rules as data, and the tables that are built from them once.

The rules are plain JSON-able data (see `dkdl_2_0`), so that a database row and a tablet can carry
the very same thing. `build` turns them into look-up tables with every contribution made beforehand;
`derive` then only looks up and adds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, NamedTuple, TypedDict

from profiles.engine.values import Contribution, Derivation, Dimension, ProfileKind


class GateRules(TypedDict):
    """A question that is asked first: one option lets through, each other one is an exception."""

    question: str
    passes: str
    exceptions: dict[str, str]


class QuestionRules(TypedDict):
    """A question with one choice: the points of each option."""

    question: str
    dimension: str
    points: dict[str, int]


class TechnicalRules(TypedDict):
    """The question with several choices, asked only after `opened_by` was answered with `opening`."""

    question: str
    dimension: str
    opened_by: str
    opening: str
    points: dict[str, int]
    regulator_codes: dict[str, str]


class ThresholdRules(TypedDict):
    """The score from which each judgement holds."""

    strong_capacity_from: int
    raised_burden_from: int
    medium_need_from: int
    high_need_from: int


class NumberingRules(TypedDict):
    """How the profile number is added up from the three judgements."""

    strong_capacity: int
    reduced_capacity: int
    raised_burden: int
    medium_need: int
    high_need: int


class ProfileRules(TypedDict):
    """The code of a profile number and its meaning in a few Dutch words."""

    number: int
    code: str
    label: str


class ExceptionRules(TypedDict):
    """The code of an exception and its meaning in a few Dutch words."""

    code: str
    label: str


class Rules(TypedDict):
    """A whole model version as JSON-able data."""

    model: str
    version: str
    full_capacity: int
    gates: list[GateRules]
    questions: list[QuestionRules]
    technical: TechnicalRules
    thresholds: ThresholdRules
    numbering: NumberingRules
    profiles: list[ProfileRules]
    exceptions: list[ExceptionRules]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The score from which each judgement holds, in whole points."""

    strong_capacity_from: int
    raised_burden_from: int
    medium_need_from: int
    high_need_from: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """What each judgement adds to the profile number; low need and ordinary burden add nothing."""

    strong_capacity: int
    reduced_capacity: int
    raised_burden: int
    medium_need: int
    high_need: int


@dataclass(frozen=True, slots=True)
class ModelGate:
    """A gate question: the answer that lets through, and the ready-made result of each other answer."""

    question: str
    passes: tuple[str, ...]
    exceptions: Mapping[tuple[str, ...], Derivation]


class ScoredQuestion(NamedTuple):
    """A question with one choice, and the ready-made contribution of each answer."""

    question: str
    contributions: Mapping[tuple[str, ...], Contribution]


@dataclass(frozen=True, slots=True)
class Technical:
    """The question with several choices, and the ready-made contribution of every combination."""

    question: str
    opened_by: str
    opening: tuple[str, ...]
    options: tuple[str, ...]
    points: Mapping[str, int]
    contributions: Mapping[frozenset[str], Contribution]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One version of the model, ready for use. Two models are the same when their hashes are."""

    name: str
    version: str
    ruleset_hash: str
    rules_json: str
    full_capacity: int
    gates: tuple[ModelGate, ...]
    questions: tuple[ScoredQuestion, ...]
    technical: Technical
    choices: Mapping[str, tuple[tuple[str, ...], ...]]
    thresholds: Thresholds
    numbering: Numbering
    codes: Mapping[int, str]
    labels: Mapping[str, str]

    def as_rules(self) -> dict[str, Any]:
        """A fresh JSON-able copy of the rules, for a database row or the tablet."""
        rules: dict[str, Any] = json.loads(self.rules_json)
        return rules


def canonical_json(rules: Mapping[str, Any]) -> str:
    """The one spelling of the rules that is hashed: sorted keys, no white space, no escapes."""
    return json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def ruleset_hash(rules: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the rules' canonical JSON."""
    return hashlib.sha256(canonical_json(rules).encode()).hexdigest()


def build(rules: Rules) -> Model:
    """Turn rules into a model with all its tables made."""
    fingerprint = ruleset_hash(rules)
    return Model(
        name=rules["model"],
        version=rules["version"],
        ruleset_hash=fingerprint,
        rules_json=canonical_json(rules),
        full_capacity=rules["full_capacity"],
        gates=tuple(_gate(gate, rules["version"], fingerprint) for gate in rules["gates"]),
        questions=tuple(_question(question) for question in rules["questions"]),
        technical=_technical(rules["technical"]),
        choices=_choices(rules),
        thresholds=Thresholds(**rules["thresholds"]),
        numbering=Numbering(**rules["numbering"]),
        codes={profile["number"]: profile["code"] for profile in rules["profiles"]},
        labels={entry["code"]: entry["label"] for entry in chain(rules["profiles"], rules["exceptions"])},
    )


def _gate(gate: GateRules, version: str, fingerprint: str) -> ModelGate:
    return ModelGate(
        question=gate["question"],
        passes=(gate["passes"],),
        exceptions={
            (option,): _exception(code, version, fingerprint) for option, code in gate["exceptions"].items()
        },
    )


def _exception(code: str, version: str, fingerprint: str) -> Derivation:
    return Derivation(
        code=code,
        kind=ProfileKind.EXCEPTION,
        capacity=None,
        burden=None,
        support_need=None,
        is_strong=None,
        is_burdened=None,
        need_level=None,
        contributions=(),
        model_version=version,
        ruleset_hash=fingerprint,
    )


def _question(rules: QuestionRules) -> ScoredQuestion:
    question, dimension = rules["question"], Dimension(rules["dimension"])
    return ScoredQuestion(
        question=question,
        contributions={
            (option,): Contribution(question, dimension, (option,), points)
            for option, points in rules["points"].items()
        },
    )


def _choices(rules: Rules) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The legal answers of each question with one choice, gates included."""
    gates = {gate["question"]: (gate["passes"], *gate["exceptions"]) for gate in rules["gates"]}
    scored = {question["question"]: tuple(question["points"]) for question in rules["questions"]}
    return {
        question: tuple((option,) for option in options) for question, options in (gates | scored).items()
    }


def _technical(rules: TechnicalRules) -> Technical:
    question, dimension, points = rules["question"], Dimension(rules["dimension"]), rules["points"]
    return Technical(
        question=question,
        opened_by=rules["opened_by"],
        opening=(rules["opening"],),
        options=tuple(points),
        points=dict(points),
        contributions={
            frozenset(chosen): Contribution(question, dimension, chosen, sum(points[code] for code in chosen))
            for count in range(1, len(points) + 1)
            for chosen in combinations(points, count)
        },
    )
