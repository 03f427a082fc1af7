"""Nurses with open sessions, each with a client of her own, to measure load. Needs Django set up."""

from dataclasses import dataclass, field
from itertools import islice
from uuid import uuid4


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

    from care import scope
    from care.models import Organisation, Team
    from declarations.demo.fiction import bsns
    from questionnaires.selectors import instrument_on
    from tests.factories import people

    house: Organisation = people.organisation(agb="42999066", name="Drukte")
    with scope.organisation(house.pk):
        team: Team = people.team(house)
        instrument = instrument_on(localdate())
        clients = [people.client(team, bsn=bsn) for bsn in islice(bsns(), number)]
    return [
        Nurse(
            session=session,
            nurse=user,
            organisation=str(house.public_id),
            client=str(client.public_id),
            version=instrument.version,
        )
        for client, (user, session) in zip(clients, _logged_in(house, number), strict=True)
    ]


def _logged_in(house: object, number: int) -> list[tuple[str, str]]:
    from django.test import Client as Browser

    from care.constants import Role
    from tests.factories import people

    found = []
    for _time in range(number):
        role = people.membership(Role.NURSE, organisation=house, user=people.user(password=None))  # type: ignore[arg-type]
        browser = Browser()
        browser.force_login(role.user)
        found.append((str(role.user.public_id), browser.cookies["sessionid"].value))
    return found
