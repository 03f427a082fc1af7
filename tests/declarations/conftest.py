"""What the tests of declarations stand on."""

import pytest
from django.test import Client as Browser

from tests.actors import Actor, House
from tests.declarations.office import Office, opened


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
