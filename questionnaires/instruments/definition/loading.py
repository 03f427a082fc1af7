"""From a definition (parsed JSON) to an `Instrument`, with every defect reported at once."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from questionnaires.instruments.definition.instrument import (
    AgeRule,
    Condition,
    Instrument,
    Option,
    Question,
    QuestionGroup,
    QuestionKind,
)
from questionnaires.instruments.definition.validation import defects_of


class DefinitionError(ValueError):
    """The definition does not hold together. `defects` names each place and what is wrong there."""

    def __init__(self, defects: tuple[str, ...]) -> None:
        super().__init__("; ".join(defects))
        self.defects = defects


def definition_hash(raw: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the definition's canonical JSON: sorted keys, no white space, no escapes."""
    canonical = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def load(raw: Mapping[str, Any]) -> Instrument:
    """Read and check a definition. Raises `DefinitionError` with all defects."""
    if defects := defects_of(raw):
        raise DefinitionError(defects)
    return Instrument(
        name=raw["instrument"],
        version=raw["version"],
        title=raw["title"],
        definition_hash=definition_hash(raw),
        groups=tuple(QuestionGroup(**group) for group in raw["groups"]),
        questions=tuple(_question(question) for question in raw["questions"]),
    )


def _question(raw: Mapping[str, Any]) -> Question:
    return Question(
        id=raw["id"],
        group=raw["group"],
        kind=QuestionKind(raw["kind"]),
        subject=raw["subject"],
        text=raw["text"],
        help=raw["help"],
        options=tuple(Option(**option) for option in raw["options"]),
        asked_when=tuple(Condition(**condition) for condition in raw.get("asked_when", ())),
        tolerated_when_not_asked=raw.get("tolerated_when_not_asked", False),
        follows_up=raw.get("follows_up"),
        answered_by=_age_rule(raw.get("answered_by")),
    )


def _age_rule(raw: Mapping[str, Any] | None) -> AgeRule | None:
    if raw is None:
        return None
    return AgeRule(age_from=raw["from"], option=raw["option"], below=raw["below"])
