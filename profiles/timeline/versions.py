"""Model versions: loading what is shipped, and turning a row into a model of the engine."""

from typing import cast

from profiles.engine import DKDL_2_0, Model, Rules, build
from profiles.schema.models import ModelVersion
from questionnaires.schema.exceptions import VersionChangedError

# By hash of the rules: equal rules are an equal model, so an entry can never grow stale.
_built: dict[str, Model] = {DKDL_2_0.ruleset_hash: DKDL_2_0}


def load_shipped() -> ModelVersion:
    """Store the shipped model as a version; valid for every day until a successor is loaded.

    Idempotent. Raises VersionChangedError where another table stands under this version.
    """
    return load_version(DKDL_2_0)


def load_version(model: Model) -> ModelVersion:
    """Store one model as a version. Raises VersionChangedError."""
    version, _is_new = ModelVersion.objects.get_or_create(
        key=model.name,
        version=model.version,
        defaults={"table": model.as_rules(), "ruleset_hash": model.ruleset_hash},
    )
    if version.ruleset_hash != model.ruleset_hash:
        raise VersionChangedError(kind="model", name=model.name, version=model.version)
    return version


def model_of(version: ModelVersion) -> Model:
    """Return the model of a version, as it was when it was loaded."""
    if version.ruleset_hash not in _built:
        _built[version.ruleset_hash] = build(cast(Rules, version.table))
    return _built[version.ruleset_hash]
