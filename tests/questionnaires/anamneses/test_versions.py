"""Versions: loaded once, never changed, in force by date."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from profiles.engine import build
from profiles.schema.models import ModelVersion
from profiles.timeline import versions as models
from profiles.timeline.selectors import model_on
from questionnaires.anamneses import versions
from questionnaires.anamneses.selectors import in_force, instrument_on
from questionnaires.instruments.definition import DefinitionError, definition_hash
from questionnaires.instruments.definitions import SHIPPED, read, shipped
from questionnaires.schema.exceptions import VersionChangedError
from questionnaires.schema.models import InstrumentVersion
from tests.profiles.dkdl import DKDL_2_0

pytestmark = pytest.mark.django_db


def test_migrating_loads_the_shipped_versions() -> None:
    loaded = InstrumentVersion.objects.order_by("pk")
    assert [row.version for row in loaded] == ["2.0", "2.0.1"]
    assert instrument_on(date(2026, 3, 2)).definition_hash == shipped().definition_hash
    assert ModelVersion.objects.get().ruleset_hash == DKDL_2_0.ruleset_hash


def test_migrating_again_loads_nothing_twice(as_owner: Any) -> None:
    with as_owner():
        call_command("migrate", verbosity=0)
    assert InstrumentVersion.objects.count() == len(SHIPPED)
    assert ModelVersion.objects.count() == 1


def test_a_stored_definition_has_the_hash_of_its_file() -> None:
    stored = [definition_hash(row.definition) for row in InstrumentVersion.objects.order_by("pk")]
    assert stored == [definition_hash(read(name)) for name in SHIPPED]


def test_new_words_are_for_what_begins_now_and_the_old_row_stays() -> None:
    """As on an installation that has the old ones: a draft keeps the version that it began with."""
    older, newer = ({**read(name), "instrument": "proef"} for name in SHIPPED)
    before = versions.load_version(older)
    versions.load_version(newer)
    rows = list(InstrumentVersion.objects.filter(key="proef"))
    assert {in_force(rows, day).version for day in (date(1999, 1, 1), date(2026, 3, 2))} == {"2.0.1"}
    assert InstrumentVersion.objects.get(pk=before.pk).definition == older


def test_it_refuses_a_changed_definition_under_an_existing_version() -> None:
    definition = read()
    definition["questions"][3]["options"][0]["label"] = "Helemaal niets"
    with pytest.raises(VersionChangedError, match=r"dkdl 2\.0\.1"):
        versions.load_version(definition)


def test_it_refuses_a_changed_table_under_an_existing_version() -> None:
    rules = DKDL_2_0.as_rules()
    rules["thresholds"]["high_need_from"] = 7
    with pytest.raises(VersionChangedError, match=r"dkdl 2\.0"):
        models.load_version(build(rules))


def test_a_changed_definition_stops_the_migration(monkeypatch: pytest.MonkeyPatch, as_owner: Any) -> None:
    changed = {**read(), "title": "Anders"}
    monkeypatch.setattr(versions, "read", lambda _name: changed)
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
    assert instrument_on(date(1999, 1, 1)).version == "2.0.1"
    assert instrument_on(date(2026, 12, 31)).version == "2.0.1"
    assert instrument_on(date(2027, 1, 1)) == later


def test_a_model_is_chosen_by_date_as_well() -> None:
    rules = {**DKDL_2_0.as_rules(), "version": "2.1"}
    model = build(rules)
    ModelVersion.objects.create(
        key="dkdl", version="2.1", table=rules, ruleset_hash=model.ruleset_hash, valid_from=date(2027, 1, 1)
    )
    assert model_on(date(2026, 12, 31)).version == "2.0"
    assert models.model_of(model_on(date(2027, 1, 1))).version == "2.1"
