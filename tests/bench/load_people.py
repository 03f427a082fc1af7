"""Nurses with open sessions, each with a client of her own, to measure load. Needs Django set up."""

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from care.schema.models import Organisation, User


@dataclass(slots=True)
class Nurse:
    """A nurse as her tablet knows her: the cookie of her session, whose work it is, what was saved so far."""

    session: str
    nurse: str
    organisation: str
    client: str
    version: str
    draft: str = field(default_factory=lambda: str(uuid4()))
    revision: int = 0
    saves: int = 0


def made(number: int) -> list[Nurse]:
    """Make an organisation with so many nurses in one team, each logged in and with a client."""
    from django.utils.timezone import localdate

    from care.tenancy import scope
    from declarations.demo.fiction import bsns
    from questionnaires.anamneses.selectors import instrument_on
    from tests.factories import people

    house = people.organisation(agb="42999066", name="Drukte")
    with scope.organisation(house.pk):
        team = people.team(house)
        instrument = instrument_on(localdate())
        clients = [people.client(team, bsn=bsn) for bsn in islice(bsns(), number)]
        users = [_user_of(house) for _time in range(number)]
    return [
        Nurse(
            session=_session_of(user),
            nurse=str(user.public_id),
            organisation=str(house.public_id),
            client=str(client.public_id),
            version=instrument.version,
        )
        for client, user in zip(clients, users, strict=True)
    ]


def _user_of(house: "Organisation") -> "User":
    from care.schema.constants import Role
    from tests.factories import people

    return people.membership(Role.NURSE, organisation=house, user=people.user(password=None)).user


def _session_of(user: "User") -> str:
    from django.test import Client as Browser

    browser = Browser()
    browser.force_login(user)
    return browser.cookies["sessionid"].value
