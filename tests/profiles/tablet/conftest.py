"""What the tests of the tablet's requests stand on."""

import pytest

from care.schema.models import Client
from tests.actors import House
from tests.factories import people


@pytest.fixture
def client(thuis: House) -> Client:
    """Return a client of the nurse's team."""
    with thuis.scope():
        return people.client(thuis.north, surname="Wilgenboom")
