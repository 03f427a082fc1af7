"""Versions: loaded once, never changed, in force by date."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from profiles import versions as models
from profiles.engine import DKDL_2_0, build
from profiles.models import ModelVersion
from profiles.selectors import model_on
from questionnaires import versions
from questionnaires.definition import DefinitionError, definition_hash
from questionnaires.definitions import read, shipped
from questionnaires.exceptions import VersionChangedError
from questionnaires.models import InstrumentVersion
from questionnaires.selectors import instrument_on

pytestmark = pytest.mark.django_db


def test_migrating_loads_the_shipped_versions() -> None:
    assert InstrumentVersion.objects.get().definition_hash == shipped().definition_hash
    assert ModelVersion.objects.get().ruleset_hash == DKDL_2_0.ruleset_hash


def test_migrating_again_loads_nothing_twice(as_owner: Any) -> None:
    with as_owner():
        call_command("migrate", verbosity=0)
    assert InstrumentVersion.objects.count() == ModelVersion.objects.count() == 1


def test_a_stored_definition_has_the_hash_of_its_file() -> None:
    assert definition_hash(InstrumentVersion.objects.get().definition) == shipped().definition_hash


def test_it_refuses_a_changed_definition_under_an_existing_version() -> None:
    definition = read()
    definition["questions"][3]["options"][0]["label"] = "Helemaal niets"
    with pytest.raises(VersionChangedError, match=r"dkdl 2\.0"):
        versions.load_version(definition)


def test_it_refuses_a_changed_table_under_an_existing_version() -> None:
    rules = DKDL_2_0.as_rules()
    rules["thresholds"]["high_need_from"] = 7
    with pytest.raises(VersionChangedError, match=r"dkdl 2\.0"):
        models.load_version(build(rules))  # type: ignore[arg-type]


def test_a_changed_definition_stops_the_migration(monkeypatch: pytest.MonkeyPatch, as_owner: Any) -> None:
    changed = {**read(), "title": "Anders"}
    monkeypatch.setattr(versions, "read", lambda: changed)
    with as_owner(), pytest.raises(VersionChangedError):
        call_command("migrate", verbosity=0)


def test_it_refuses_a_definition_that_does_not_hold_together() -> None:
    with pytest.raises(DefinitionError):
        versions.load_version({**read(), "questions": []})


def successor(valid_from: date, version: str = "2.1") -> InstrumentVersion:
    definition = {**read(), "version": version}
    return InstrumentVersion.objects.create(
        key="dkdl",
        version=version,
        definition=definition,
        definition_hash=definition_hash(definition),
        valid_from=valid_from,
    )


def test_the_shipped_version_holds_until_a_successor_begins() -> None:
    later = successor(date(2027, 1, 1))
    assert instrument_on(date(1999, 1, 1)).version == "2.0"
    assert instrument_on(date(2026, 12, 31)).version == "2.0"
    assert instrument_on(date(2027, 1, 1)) == later


def test_a_model_is_chosen_by_date_as_well() -> None:
    rules = {**DKDL_2_0.as_rules(), "version": "2.1"}
    model = build(rules)  # type: ignore[arg-type]
    ModelVersion.objects.create(
        key="dkdl", version="2.1", table=rules, ruleset_hash=model.ruleset_hash, valid_from=date(2027, 1, 1)
    )
    assert model_on(date(2026, 12, 31)).version == "2.0"
    assert models.model_of(model_on(date(2027, 1, 1))).version == "2.1"
