"""A successor of model and instrument: checked together, loaded together, in force from one day on.

What was filled in before keeps its version; a draft that was begun keeps the instrument that it began with.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from profiles.engine import Model, UnsoundModelError, read_model, written
from profiles.schema.models import ModelVersion
from profiles.timeline.selectors import model_versions
from profiles.timeline.versions import load_version, misfits, model_of
from questionnaires.anamneses import versions as instruments
from questionnaires.anamneses.selectors import instrument_on, instrument_versions
from questionnaires.instruments.definition import DefinitionError, Instrument, load
from questionnaires.schema.models import InstrumentVersion

_log = logging.getLogger(__name__)


class SuccessionRefusedError(Exception):
    """Model and instrument cannot take effect. Carries a sentence for each problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Succession:
    """The versions that take effect together."""

    model: ModelVersion
    instrument: InstrumentVersion


@transaction.atomic
def load_successor(*, rules: object, definition: Any | None, valid_from: date) -> Succession:
    """Load a model, with the instrument that it scores where that is new, in force from a day.

    The same again changes nothing. Raises SuccessionRefusedError with every problem.
    """
    model, instrument = _read(rules, definition, valid_from)
    if problems := tuple(_problems(model, instrument, valid_from)):
        raise SuccessionRefusedError(problems)
    row = (
        instruments.load_version(definition, valid_from=valid_from)
        if definition
        else instrument_on(valid_from)
    )
    version = load_version(model, valid_from=valid_from)
    _log.info("model_loaded model=%s instrument=%s from=%s", version, row, valid_from)
    return Succession(version, row)


def _read(rules: object, definition: Any | None, day: date) -> tuple[Model, Instrument]:
    problems: tuple[str, ...] = ()
    model, instrument = None, None
    try:
        model = read_model(rules)
    except UnsoundModelError as error:
        problems += error.defects
    try:
        instrument = _defined(definition) if definition else instruments.instrument_of(instrument_on(day))
    except DefinitionError as error:
        problems += error.defects
    if model is None or instrument is None:
        raise SuccessionRefusedError(problems)
    return model, instrument


def _defined(definition: Any) -> Instrument:
    """Return the instrument of a definition. Raises DefinitionError, also for texts that cannot be stored."""
    if unusable := tuple(map(written.printable, written.texts("definition", definition))):
        raise DefinitionError(unusable)
    return load(definition)


def _problems(model: Model, instrument: Instrument, day: date) -> Iterator[str]:
    for question in misfits(model, instrument):
        yield _("%(question)s: model en vragenlijst verschillen in opties of voorwaarden.") % {
            "question": question
        }
    yield from _taken_model(model, day)
    yield from _taken_codes(model)
    yield from _taken_instrument(instrument, day)


def _taken_model(model: Model, day: date) -> Iterator[str]:
    """A version number stands for one model: it is printed in files without the name."""
    for row in ModelVersion.objects.filter(version=model.version):
        is_same = row.key == model.name and row.ruleset_hash == model.ruleset_hash and row.valid_from == day
        if not is_same:
            yield _("Er is al een model met versie %(version)s. Geef dit een eigen versie.") % {
                "version": row.version
            }


def _taken_codes(model: Model) -> Iterator[str]:
    """A code stands for one thing: figures, code tables and colours find it by the code alone."""
    for row in model_versions():
        loaded = model_of(row)
        for code in sorted(model.labels.keys() & loaded.labels.keys()):
            if _meaning(code, model) != _meaning(code, loaded):
                yield _(
                    "Code %(code)s betekent iets anders in model %(model)s. Geef het profiel een eigen code."
                ) % {"code": code, "model": row}


def _meaning(code: str, model: Model) -> tuple[object, ...]:
    """What has to be alike: the label and, of an exception, what it is called, how long it lasts and asks."""
    terms = model.exceptions.get(code)
    if terms is None:
        return (model.labels[code],)
    return (model.labels[code], terms.word, terms.lasts_days, terms.asks_after_months, terms.asks_why)


def _taken_instrument(instrument: Instrument, day: date) -> Iterator[str]:
    """A version number stands for one instrument: a tablet names it so."""
    for row in instrument_versions():
        is_known = row.definition_hash == instrument.definition_hash
        if row.version == instrument.version and not is_known:
            yield _("Er is al een vragenlijst met versie %(version)s. Geef deze een eigen versie.") % {
                "version": row.version
            }
        elif is_known and row.valid_from is not None and row.valid_from > day:
            yield _("De vragenlijst %(name)s geldt op die dag nog niet.") % {"name": row}
