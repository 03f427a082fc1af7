"""What a tablet needs to derive without us: every version by its hash, and the words for what follows.

The rules travel as data: the text of a version is the canonical JSON that its hash was taken of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from profiles.engine import Dimension, Model
from profiles.engine.model import canonical_json
from profiles.explanation import plain_words
from profiles.explanation.charts import Stretch, scale_of
from profiles.explanation.explaining import EXCEPTIONS, effect_in_words, rule_in_words
from profiles.schema.label_texts import label_of
from profiles.schema.models import ModelVersion
from profiles.timeline import selectors
from profiles.timeline.versions import model_of
from questionnaires.anamneses.selectors import instrument_versions
from questionnaires.schema.models import InstrumentVersion


@dataclass(frozen=True, slots=True)
class ScoreWords:
    """The words around one score, from 0 to `maximum`; `effects` is what that many points did.

    `plain` is what each of its stretches means, in words for the client.
    """

    name: str
    rule: str
    maximum: int
    stretches: tuple[Stretch, ...]
    effects: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelWords:
    """The words of a model: by score, what a code is called, what an exception means, also to a client."""

    scores: Mapping[str, ScoreWords]
    labels: Mapping[str, str]
    meanings: Mapping[str, str]
    plain: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListedInstrument:
    """An instrument and the day it begins; `hash` is the SHA-256 of its text."""

    key: str
    version: str
    hash: str
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model, the day it begins, and its words; `hash` is the SHA-256 of its text."""

    key: str
    version: str
    hash: str
    valid_from: date | None
    words: ModelWords


def instruments() -> list[ListedInstrument]:
    """List every instrument in the order of loading: a draft keeps the one that it began with."""
    return [
        ListedInstrument(row.key, row.version, row.definition_hash, row.valid_from)
        for row in sorted(instrument_versions(), key=_loading)
    ]


def models() -> list[ListedModel]:
    """List every model in the order of loading: a correction of an older anamnese needs an older one."""
    return [
        ListedModel(row.key, row.version, row.ruleset_hash, row.valid_from, _model_words(model_of(row)))
        for row in sorted(selectors.model_versions(), key=_loading)
    ]


def instrument_text(digest: str) -> str | None:
    """Return the definition with this hash, as the text that was hashed; None when there is none."""
    found = (row.definition for row in instrument_versions() if row.definition_hash == digest)
    return next(map(canonical_json, found), None)


def model_text(digest: str) -> str | None:
    """Return the table with this hash, as the text that was hashed; None when there is none."""
    found = (row.table for row in selectors.model_versions() if row.ruleset_hash == digest)
    return next(map(canonical_json, found), None)


def _model_words(model: Model) -> ModelWords:
    return ModelWords(
        scores={dimension.value: _score_words(dimension, model) for dimension in Dimension},
        labels={code: label_of(code, model) for code in model.labels},
        meanings={code: str(meaning) for code, meaning in EXCEPTIONS.items() if code in model.labels},
        plain={code: plain_words.of_exception(code) for code in EXCEPTIONS if code in model.labels},
    )


def _score_words(dimension: Dimension, model: Model) -> ScoreWords:
    scale = scale_of(dimension, model)
    return ScoreWords(
        name=scale.name,
        rule=rule_in_words(dimension, model),
        maximum=scale.maximum,
        stretches=scale.stretches,
        effects=tuple(effect_in_words(dimension, points) for points in range(scale.maximum + 1)),
        plain=tuple(plain_words.of_score(dimension, stretch.first, model) for stretch in scale.stretches),
    )


def _loading(row: InstrumentVersion | ModelVersion) -> int:
    return row.pk
