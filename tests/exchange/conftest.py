"""What the tests of the API stand on: a program with a token, and a receiver of webhooks."""

from collections.abc import Iterator

import pytest

from declarations.schema.tokens import ApiScope
from exchange.webhooks.constants import Fault
from exchange.webhooks.models import WebhookSubscription
from tests.actors import Actor, House
from tests.exchange.caller import Caller, caller
from tests.exchange.receiver import Receiver, receiving
from tests.exchange.subscribed import check, prepared


@pytest.fixture
def program(thuis: House, administrator: Actor) -> Caller:
    """Return a program that may do everything in the actors' organisation."""
    return caller(thuis, administrator, *ApiScope)


@pytest.fixture
def program_elsewhere(elders: House, administrator_elsewhere: Actor) -> Caller:
    """Return a program that may do everything in the other organisation."""
    return caller(elders, administrator_elsewhere, *ApiScope)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that checks signatures as the documentation says."""
    with receiving() as server:
        yield server


@pytest.fixture
def webhook(thuis: House, administrator: Actor, receiver: Receiver) -> WebhookSubscription:
    """Return a webhook that is on, for every event; what came in at set-up is forgotten."""
    row = prepared(thuis, administrator, receiver)
    assert check(thuis, administrator, row) == Fault.NONE
    receiver.came_in.clear()
    return row
