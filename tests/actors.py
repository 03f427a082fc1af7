"""Named people with fixed rights, so that an access test reads as a sentence. A pytest plugin.

House `thuis` has the teams Noord and Zuid. The nurse and the team lead work in Noord, the nurse of another
team in Zuid; the others work for the whole organisation. House `elders` is another organisation with a
person for every role. Every actor has a browser of its own that is logged in: `nurse.browser.get(...)`.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from care.schema.constants import Role
from care.schema.models import Insurer, Membership, Organisation, Team, User
from care.tenancy import scope
from tests.factories import people


@dataclass(frozen=True)
class House:
    """An organisation with two teams."""

    organisation: Organisation
    north: Team
    south: Team

    def scope(self) -> AbstractContextManager[None]:
        """Return the scope in which rows of this organisation are read and made."""
        return scope.organisation(self.organisation.pk)


@dataclass(frozen=True)
class Actor:
    """A person in one role, with a browser that is logged in."""

    membership: Membership
    browser: Browser

    @property
    def user(self) -> User:
        """The person."""
        return self.membership.user

    def queries_of(self, address: str) -> int:
        """Return how many queries a page takes that this person can open."""
        with CaptureQueriesContext(connection) as captured:
            assert self.browser.get(address).status_code == 200
        return len(captured)


def house(name: str) -> House:
    """Return a new organisation with the teams Noord and Zuid."""
    organisation = people.organisation(name=name)
    with scope.organisation(organisation.pk):
        return House(
            organisation,
            people.team(organisation, name="Noord", municipality="Noordwijk"),
            people.team(organisation, name="Zuid", municipality="Zuidwijk"),
        )


def actor(role: Role, home: House, *teams: Team) -> Actor:
    """Return a new person with a role in an organisation, logged in."""
    with home.scope():
        membership = people.membership(role, organisation=home.organisation, teams=teams)
    return _logged_in(membership)


def insurer_actor(insurer: Insurer) -> Actor:
    """Return a new person who works for an insurer, logged in."""
    with scope.activate(scope.Scope(insurer_id=insurer.pk)):
        membership = people.membership(Role.INSURER, insurer=insurer)
    return _logged_in(membership)


def _logged_in(membership: Membership) -> Actor:
    browser = Browser()
    browser.force_login(membership.user)
    return Actor(membership, browser)


@pytest.fixture
def thuis(db: None) -> House:
    """Return the organisation that the actors work for."""
    return house("Thuiszorg Voorbeeld")


@pytest.fixture
def elders(db: None) -> House:
    """Return another organisation."""
    return house("Zorg Elders")


@pytest.fixture
def nurse(thuis: House) -> Actor:
    """Return a nurse of team Noord."""
    return actor(Role.NURSE, thuis, thuis.north)


@pytest.fixture
def nurse_of_another_team(thuis: House) -> Actor:
    """Return a nurse of team Zuid."""
    return actor(Role.NURSE, thuis, thuis.south)


@pytest.fixture
def team_lead(thuis: House) -> Actor:
    """Return the team lead of team Noord."""
    return actor(Role.TEAM_LEAD, thuis, thuis.north)


@pytest.fixture
def declaration_officer(thuis: House) -> Actor:
    """Return the declaration officer."""
    return actor(Role.DECLARATION_OFFICER, thuis)


@pytest.fixture
def administrator(thuis: House) -> Actor:
    """Return the functional administrator."""
    return actor(Role.ADMINISTRATOR, thuis)


@pytest.fixture
def privacy_officer(thuis: House) -> Actor:
    """Return the privacy officer."""
    return actor(Role.PRIVACY_OFFICER, thuis)


@pytest.fixture
def nurse_elsewhere(elders: House) -> Actor:
    """Return a nurse of the other organisation."""
    return actor(Role.NURSE, elders)


@pytest.fixture
def team_lead_elsewhere(elders: House) -> Actor:
    """Return a team lead of the other organisation."""
    return actor(Role.TEAM_LEAD, elders)


@pytest.fixture
def declaration_officer_elsewhere(elders: House) -> Actor:
    """Return the declaration officer of the other organisation."""
    return actor(Role.DECLARATION_OFFICER, elders)


@pytest.fixture
def administrator_elsewhere(elders: House) -> Actor:
    """Return the functional administrator of the other organisation."""
    return actor(Role.ADMINISTRATOR, elders)


@pytest.fixture
def privacy_officer_elsewhere(elders: House) -> Actor:
    """Return the privacy officer of the other organisation."""
    return actor(Role.PRIVACY_OFFICER, elders)


@pytest.fixture
def insurer_user(db: None) -> Actor:
    """Return somebody of insurer 9991, with whom clients of the factories are insured."""
    return insurer_actor(people.insurer(uzovi="9991"))


@pytest.fixture
def other_insurer_user(db: None) -> Actor:
    """Return somebody of another insurer, 9992."""
    return insurer_actor(people.insurer(uzovi="9992"))
