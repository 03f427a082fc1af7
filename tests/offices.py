"""The declaration office that tests of declarations and of other systems stand on. A pytest plugin."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from care.schema.models import Insurer
from declarations.progress import announcing
from tests.actors import Actor, House
from tests.declarations.office import Office, opened
from tests.factories import people


@pytest.fixture
def office(thuis: House) -> Office:
    """Return the declaration office of the actors' organisation."""
    return opened(thuis)


@pytest.fixture
def office_elsewhere(elders: House) -> Office:
    """Return the declaration office of the other organisation."""
    return opened(elders)


@pytest.fixture
def officer(office: Office, declaration_officer: Actor) -> Browser:
    """Return the browser of the declaration officer of the office."""
    return declaration_officer.browser


@pytest.fixture
def insurer(db: None) -> Insurer:
    """Return an insurer that nobody is insured with yet."""
    return people.insurer(uzovi="9991", name="Zorgzeker")


@pytest.fixture
def on_a_day_in_may() -> Iterator[None]:
    """Let it be noon on 15 May 2024 throughout the test."""
    with time_machine.travel("2024-05-15 12:00", tick=False):
        yield


@pytest.fixture
def nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is needed: the tests do the work of a job themselves."""
    monkeypatch.setattr(announcing, "announce_free_place", lambda: None)
