"""What a tablet needs to derive without us: every version by its hash, and the words for what follows.

The rules travel as data: the text of a version is the canonical JSON that its hash was taken of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from profiles.engine import Dimension, Model, canonical_json
from profiles.explanation import plain_words
from profiles.explanation.charts import Stretch, scale_of
from profiles.explanation.explaining import effect_in_words, meaning_of, rule_in_words, scores_heading
from profiles.schema.known_codes import code_word, tone_of
from profiles.schema.label_texts import label_of
from profiles.schema.models import ModelVersion
from profiles.timeline import selectors
from profiles.timeline.versions import model_of, scores
from questionnaires.anamneses.selectors import instrument_versions
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Instrument
from questionnaires.schema.models import InstrumentVersion


@dataclass(frozen=True, slots=True)
class ScoreWords:
    """The words around one score, from 0 to `maximum`; `effects` is what that many points did.

    `plain` is what each of its stretches means, in words for the client, `hue` the name of its colour, and
    `limit` the word at its threshold in the balance.
    """

    name: str
    short: str
    hue: str
    limit: str
    rule: str
    maximum: int
    stretches: tuple[Stretch, ...]
    effects: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeLook:
    """How people say a code, and the CSS class of its colours."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class BalanceWords:
    """Which scores the balance has, and its title with places: `%(left)d`, `%(most_left)d` and so on."""

    left: str
    right: str
    below: str
    title: str


@dataclass(frozen=True, slots=True)
class ModelWords:
    """The words of a model: by score, what a code is called, what an exception means, also to a client."""

    scores: Mapping[str, ScoreWords]
    labels: Mapping[str, str]
    codes: Mapping[str, CodeLook]
    meanings: Mapping[str, str]
    plain: Mapping[str, str]
    heading: str
    balance: BalanceWords | None


@dataclass(frozen=True, slots=True)
class ListedInstrument:
    """An instrument and the day it begins; `hash` is the SHA-256 of its text."""

    key: str
    version: str
    hash: str
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model, the day it begins, and its words; `hash` is the SHA-256 of its text.

    `instruments` has the hashes of those that it scores.
    """

    key: str
    version: str
    hash: str
    valid_from: date | None
    instruments: tuple[str, ...]
    words: ModelWords


def instruments() -> list[ListedInstrument]:
    """List every instrument in the order of loading: a draft keeps the one that it began with."""
    return [
        ListedInstrument(row.key, row.version, row.definition_hash, row.valid_from)
        for row in sorted(instrument_versions(), key=_loading)
    ]


def models() -> list[ListedModel]:
    """List every model in the order of loading: a correction of an older anamnese needs an older one."""
    asked = [instrument_of(row) for row in sorted(instrument_versions(), key=_loading)]
    return [_listed(row, asked) for row in sorted(selectors.model_versions(), key=_loading)]


def _listed(row: ModelVersion, asked: Sequence[Instrument]) -> ListedModel:
    model = model_of(row)
    scored = tuple(instrument.definition_hash for instrument in asked if scores(model, instrument))
    return ListedModel(row.key, row.version, row.ruleset_hash, row.valid_from, scored, _model_words(model))


def instrument_text(digest: str) -> str | None:
    """Return the definition with this hash, as the text that was hashed; None when there is none."""
    found = (row.definition for row in instrument_versions() if row.definition_hash == digest)
    return next(map(canonical_json, found), None)


def model_text(digest: str) -> str | None:
    """Return the table with this hash, as the text that was hashed; None when there is none."""
    found = (row.table for row in selectors.model_versions() if row.ruleset_hash == digest)
    return next(map(canonical_json, found), None)


def _model_words(model: Model) -> ModelWords:
    meanings = {code: meaning_of(code, model) for code in model.exceptions}
    return ModelWords(
        scores={dimension.id: _score_words(dimension) for dimension in model.dimensions},
        labels={code: label_of(code, model) for code in model.labels},
        codes={code: CodeLook(code_word(code), tone_of(code)) for code in model.labels},
        meanings={code: meaning for code, meaning in meanings.items() if meaning},
        plain={code: plain_words.of_exception(code, model) for code in model.exceptions},
        heading=scores_heading(model),
        balance=_balance_words(model),
    )


def _balance_words(model: Model) -> BalanceWords | None:
    here = model.balance
    if here is None:
        return None
    return BalanceWords(here.left.id, here.right.id, here.below.id, _(here.words["title"]))


def _score_words(dimension: Dimension) -> ScoreWords:
    scale = scale_of(dimension)
    return ScoreWords(
        name=scale.name,
        short=dimension.short,
        hue=scale.hue,
        limit=_(dimension.limit) if dimension.limit else "",
        rule=rule_in_words(dimension),
        maximum=scale.maximum,
        stretches=scale.stretches,
        effects=tuple(effect_in_words(dimension, points) for points in range(scale.maximum + 1)),
        plain=tuple(plain_words.of_level(level) for level in dimension.levels),
    )


def _loading(row: InstrumentVersion | ModelVersion) -> int:
    return row.pk
