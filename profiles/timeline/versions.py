"""Model versions: loading them, turning a row into a model, and which one scores an instrument on a day."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from profiles.engine import Model, build, shipped
from profiles.schema.models import ModelVersion
from questionnaires.anamneses.selectors import in_force
from questionnaires.anamneses.versions import instrument_of
from questionnaires.instruments.definition import Condition, Instrument, Question
from questionnaires.schema.exceptions import VersionChangedError
from questionnaires.schema.models import InstrumentVersion

# By hash of the rules: equal rules are an equal model, so an entry can never grow stale.
_built: dict[str, Model] = {shipped().ruleset_hash: shipped()}
# By both hashes, for the same reason.
_fitting: dict[tuple[str, str], bool] = {}


class NoModelFitsError(LookupError):
    """No model that was loaded scores the answers to an instrument: it was loaded without its model."""

    def __init__(self, instrument: InstrumentVersion) -> None:
        super().__init__(
            _("Geen model past bij de vragenlijst %(name)s. Laad het model erbij met load_model.")
            % {"name": instrument}
        )


def load_shipped() -> ModelVersion:
    """Store the shipped model as a version; valid for every day until a successor is loaded.

    Idempotent. Raises VersionChangedError where another table stands under this version.
    """
    return load_version(shipped())


def load_version(model: Model, *, valid_from: date | None = None) -> ModelVersion:
    """Store one model as a version, in force from a day (or always). Raises VersionChangedError."""
    version, _is_new = ModelVersion.objects.get_or_create(
        key=model.name,
        version=model.version,
        defaults={
            "table": model.as_rules(),
            "ruleset_hash": model.ruleset_hash,
            "valid_from": valid_from,
        },
    )
    if version.ruleset_hash != model.ruleset_hash:
        raise VersionChangedError(kind="model", name=model.name, version=model.version)
    return version


def model_of(version: ModelVersion) -> Model:
    """Return the model of a version, as it was when it was loaded."""
    if version.ruleset_hash not in _built:
        _built[version.ruleset_hash] = build(version.table)
    return _built[version.ruleset_hash]


def model_among(versions: Sequence[ModelVersion], instrument: InstrumentVersion, day: date) -> ModelVersion:
    """Return the version that scores an instrument on a day: of those that know its questions.

    A draft keeps the instrument that it began with, also where its day is one of a successor; one of a day
    before any such model began is scored by the first. Raises NoModelFitsError.
    """
    asked = instrument_of(instrument)
    fitting = [version for version in versions if scores(model_of(version), asked)]
    if not fitting:
        raise NoModelFitsError(instrument)
    begun = [each for each in fitting if each.valid_from is None or each.valid_from <= day]
    return in_force(begun, day) if begun else min(fitting, key=lambda each: (each.valid_from, each.pk))


def scores(model: Model, instrument: Instrument) -> bool:
    """Tell whether a model scores the answers of an instrument: every answer set that it lets through."""
    pair = (model.ruleset_hash, instrument.definition_hash)
    if pair not in _fitting:
        _fitting[pair] = not misfits(model, instrument)
    return _fitting[pair]


def misfits(model: Model, instrument: Instrument) -> tuple[str, ...]:
    """The questions that a model and an instrument do not have alike: options, several or one, when asked."""
    passed = [Condition(gate.question, gate.passes[0]) for gate in model.gates]
    conditions = {gate.question: set(passed[:position]) for position, gate in enumerate(model.gates)}
    conditions |= {question.question: set(passed) for question in model.questions}
    options = {question: {option for (option,) in choices} for question, choices in model.choices.items()}
    several = {further.question: further.is_multiple for further in model.further}
    for further in model.further:
        opened = {Condition(further.opened_by, further.opening[0])} if further.opened_by else set()
        conditions[further.question] = {*passed, *opened}
        options[further.question] = set(further.options)
    unknown = [question for question in conditions if question not in instrument.by_id]
    unlike = (each.id for each in instrument.questions if not _is_like(each, options, conditions, several))
    return (*unknown, *unlike)


def _is_like(
    question: Question,
    options: dict[str, set[str]],
    conditions: dict[str, set[Condition]],
    several: dict[str, bool],
) -> bool:
    return (
        options.get(question.id, set()) == set(question.codes)
        and conditions.get(question.id) == set(question.asked_when)
        and several.get(question.id, False) == question.is_multiple
    )
