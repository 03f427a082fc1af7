"""A model version as plain data, as it stands in a file, in a row and on a tablet. Format: docs/models.md."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict


class GateRules(TypedDict):
    """A question that is asked first: one option lets through, each other one is an exception."""

    question: str
    passes: str
    exceptions: dict[str, str]


class QuestionRules(TypedDict):
    """A question that is scored: the points of each option.

    One with `several` choices adds up those that are chosen. One with `opened_by` is asked only where that
    question was answered with `opening`.
    """

    question: str
    dimension: str
    points: dict[str, int]
    several: NotRequired[bool]
    opened_by: NotRequired[str]
    opening: NotRequired[str]


class SentenceRules(TypedDict):
    """A Dutch sentence; `values` go into its `%(name)d`."""

    text: str
    values: dict[str, int]


class LevelRules(TypedDict):
    """The points from which a level holds, its word, and what it means in a sentence for the client."""

    first: int
    word: str
    plain: str


class DimensionRules(TypedDict):
    """One score: from 0 up, or from `counts_down_from` down.

    `short` is its name in two or three letters, `narrow` its name as it may be broken, `column` its name in
    files, `rule` how it comes about, and `limit` the word at the threshold in the picture of the balance.
    """

    id: str
    name: str
    short: str
    column: str
    rule: list[SentenceRules]
    levels: list[LevelRules]
    counts_down_from: NotRequired[int]
    narrow: NotRequired[str]
    limit: NotRequired[str]


class BalanceRules(TypedDict):
    """Which scores lie on the two pans of the balance, which one stands under it, and which way it leans."""

    left: str
    right: str
    below: str
    straight: str
    to_left: str
    to_right: str
    title: str
    limits: str


class ProfileRules(TypedDict):
    """The code of one level on each dimension, and its meaning in a few Dutch words."""

    levels: list[int]
    code: str
    label: str


class ExceptionRules(TypedDict):
    """The code of an exception and its meaning: in a few Dutch words, for the nurse, for the client.

    `word` is how people say the code. It ends by itself after `lasts_days`, or asks for a new look after
    `asks_after_months`, with `asks_why` on the calendar.
    """

    code: str
    label: str
    meaning: NotRequired[str]
    plain: NotRequired[str]
    word: NotRequired[str]
    lasts_days: NotRequired[int]
    asks_after_months: NotRequired[int]
    asks_why: NotRequired[str]


class Rules(TypedDict):
    """A whole model version as JSON-able data."""

    model: str
    version: str
    dimensions: list[DimensionRules]
    gates: list[GateRules]
    questions: list[QuestionRules]
    profiles: list[ProfileRules]
    exceptions: list[ExceptionRules]
    balance: NotRequired[BalanceRules]


def canonical_json(rules: Mapping[str, Any]) -> str:
    """The one spelling of the rules that is hashed: sorted keys, no white space, no escapes."""
    return json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def ruleset_hash(rules: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the rules' canonical JSON."""
    return hashlib.sha256(canonical_json(rules).encode()).hexdigest()
