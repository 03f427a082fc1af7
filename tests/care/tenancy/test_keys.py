"""A start with keys that do not open this database stops, and nothing is written with them."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from care.schema.key_canary import KeyCanary
from care.schema.models import Insurer
from care.tenancy.keys import WrongKeysError, confirm_keys
from config import environment, secrets
from config.embedded.paths import TABLES_STAMP, Layout
from tests.actors import House
from tests.factories import people

OTHER = b"\x07" * 32

pytestmark = pytest.mark.django_db


def test_the_keys_of_the_first_start_become_those_of_the_database() -> None:
    confirm_keys()
    confirm_keys()
    assert KeyCanary.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("FIELD_KEYS", {"1": OTHER}), ("FIELD_KEYS", {"other": OTHER}), ("LOOKUP_KEY", OTHER)],
)
def test_other_keys_stop_the_start(settings: Settings, name: str, value: object) -> None:
    confirm_keys()
    setattr(settings, name, value)
    with pytest.raises(WrongKeysError, match="niet die van deze database"):
        confirm_keys()


def test_a_newer_field_key_beside_the_old_one_goes_on(settings: Settings) -> None:
    confirm_keys()
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = {"2": OTHER, **old}
    confirm_keys()
    confirm_keys()
    assert KeyCanary.objects.count() == 2
    settings.FIELD_KEYS = old
    with pytest.raises(WrongKeysError):  # what was written since is under the newer one
        confirm_keys()


@pytest.mark.parametrize(("name", "value"), [("FIELD_KEYS", {"1": OTHER}), ("LOOKUP_KEY", OTHER)])
def test_an_installation_from_before_is_held_against_its_clients(
    settings: Settings, thuis: House, name: str, value: object
) -> None:
    right = getattr(settings, name)
    with thuis.scope():
        people.client(thuis.north)
    setattr(settings, name, value)
    with pytest.raises(WrongKeysError):
        confirm_keys()
    assert not KeyCanary.objects.exists()
    setattr(settings, name, right)
    confirm_keys()
    assert KeyCanary.objects.exists()


def test_a_command_with_other_keys_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm_keys()
    settings.FIELD_KEYS = {"1": OTHER}
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("add_insurer", "9997", "Verzekeraar", stderr=said)
    assert left.value.code == 1
    assert "Er is niets veranderd" in said.getvalue()
    assert not Insurer.objects.filter(uzovi="9997").exists()


def test_no_new_keys_are_made_beside_a_database_that_is_there(tmp_path: Path) -> None:
    made = secrets.load(embedded=True, var=tmp_path)
    assert secrets.load(embedded=True, var=tmp_path) == made

    layout = Layout(tmp_path)
    layout.cluster_home.mkdir()
    (layout.cluster_home / TABLES_STAMP).touch()
    (tmp_path / "secrets.json").rename(tmp_path / "elsewhere.json")
    with pytest.raises(environment.WrongSettingError, match="zet het bestand terug"):
        secrets.load(embedded=True, var=tmp_path)
    assert not (tmp_path / "secrets.json").exists()
