"""What the API's document shows of anamneses and profiles: drawn from the shipped model and instrument."""

from typing import Any, Final

from profiles.engine import shipped
from profiles.engine.examples import exception_answers
from questionnaires.instruments.definition import to_json
from questionnaires.instruments.definitions import shipped as shipped_instrument

_MODEL: Final = shipped()
_TEMPORARY: Final = next(code for code, terms in _MODEL.exceptions.items() if terms.lasts_days)

MODEL_NAME: Final = f"{_MODEL.name} {_MODEL.version}"
#: Answers that lead to an exception: the shortest there are.
ANSWERS: Final[Any] = to_json(shipped_instrument(), dict(exception_answers(_MODEL))[_TEMPORARY])
SCORED_CODE: Final = list(_MODEL.codes.values())[len(_MODEL.codes) // 2]
SCORES: Final = {dimension.id: score for dimension, score in zip(_MODEL.dimensions, (5, 1, 2), strict=False)}
SCORE_TEXTS: Final = tuple(f"{each.column}, 0-{each.maximum}" for each in _MODEL.dimensions)
