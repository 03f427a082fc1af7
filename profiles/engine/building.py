"""From published rules, of either format, to a model."""

from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from typing import Any, cast

from profiles.engine import first_format
from profiles.engine.model import (
    Balance,
    Dimension,
    ExceptionTerms,
    FurtherQuestion,
    Level,
    Model,
    ModelGate,
    ScoredQuestion,
    Sentence,
)
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


def build(rules: Mapping[str, Any]) -> Model:
    """Turn rules into a model with all its tables made. The hash is that of the rules as they are given."""
    return _build(in_full(rules), published=rules)


def in_full(rules: Mapping[str, Any]) -> Rules:
    """Return the rules in the format of today: what the first format left out is filled in."""
    return first_format.in_full(rules) if first_format.is_first(rules) else cast(Rules, rules)


def _build(rules: Rules, *, published: Mapping[str, Any]) -> Model:
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
        scales=tuple(_scale(each) for each in dimensions),
        gates=tuple(_gate(gate, rules["version"], fingerprint) for gate in rules["gates"]),
        questions=tuple(_question(question) for question in always),
        further=tuple(_further(question) for question in further),
        choices=_choices(rules),
        openers=_openers(rules["questions"]),
        codes={tuple(profile["levels"]): profile["code"] for profile in rules["profiles"]},
        labels={entry["code"]: entry["label"] for entry in chain(rules["profiles"], rules["exceptions"])},
        exceptions={entry["code"]: _terms(entry) for entry in rules["exceptions"]},
        balance=_balance(rules.get("balance"), by_id),
    )


def _scale(dimension: Dimension) -> tuple[str, int, int, tuple[int, ...]]:
    return dimension.id, dimension.start, -1 if dimension.counts_down else 1, dimension.by_score


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
    own = [each for each in questions if each["dimension"] == dimension]
    return sum((sum if each.get("several") else max)(each["points"].values()) for each in own)


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


def _balance(words: BalanceRules | None, by_id: Mapping[str, Dimension]) -> Balance | None:
    if words is None:
        return None
    return Balance(by_id[words["left"]], by_id[words["right"]], by_id[words["below"]], words)
