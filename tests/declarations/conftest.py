"""What the tests of declarations stand on."""

import pytest

from tests.actors import House
from tests.declarations.office import Office, opened


@pytest.fixture
def office(thuis: House) -> Office:
    """Return the declaration office of the actors' organisation."""
    return opened(thuis)


@pytest.fixture
def office_elsewhere(elders: House) -> Office:
    """Return the declaration office of the other organisation."""
    return opened(elders)
