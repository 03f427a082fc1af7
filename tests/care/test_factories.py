"""The factories and actors that other tests stand on."""

import pytest

from care.schema.identifiers import is_bsn
from care.schema.models import Client
from tests.actors import Actor, House
from tests.factories import people


@pytest.mark.django_db
def test_it_makes_a_client_that_can_be_read_back(thuis: House) -> None:
    with thuis.scope():
        made = people.client(thuis.north, surname="Wilgen", prefix="van der", initials="B.")
        client = Client.objects.get(pk=made.pk)
        assert client.name == "B. van der Wilgen"
        assert is_bsn(client.bsn)
        assert client.bsn.startswith("999")


def test_an_actor_has_a_browser_that_is_logged_in(nurse: Actor) -> None:
    assert nurse.browser.session["_auth_user_id"] == str(nurse.user.pk)
