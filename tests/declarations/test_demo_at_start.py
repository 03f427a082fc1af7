"""A start beside a real organisation: no demo, and no error line about it."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.actors import House

pytestmark = pytest.mark.django_db


def test_a_start_beside_a_real_organisation_says_nothing(
    thuis: House, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True
    assert not thuis.organisation.is_demo
    call_command("load_demo", "--at-start")
    assert capsys.readouterr() == ("", "")


def test_asked_for_by_hand_it_is_refused(thuis: House, settings: Settings) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match=r"real organisation"):
        call_command("load_demo")
    assert not thuis.organisation.is_demo
