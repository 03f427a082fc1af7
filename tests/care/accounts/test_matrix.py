"""Every role at every address: generated from the rights that the views declare."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import RegexPattern

from care.accounts.permissions import RIGHTS, AccessPolicy, Permission
from care.schema.constants import Role
from tests.actors import Actor, House, actor
from tests.factories import people

OPENS = {200, 302}
UNKNOWN = 404
NO_TOKEN = 401  # logging in does not help a program
UNREADABLE = 400  # a script's request: the tests send nothing
FOR_ANY_NONCE = 200  # what is given follows from the nonce: nothing is stored
NOTHING_YET = 204  # asking how far something is that has not begun


@dataclass(frozen=True)
class Address:
    """One entry of the URL conf."""

    pattern: URLPattern

    @property
    def name(self) -> str:
        return self.pattern.name or str(self.pattern.pattern)

    @property
    def parts(self) -> dict[str, object]:
        """What the address names, each of a shape that fits: no such object exists."""
        pattern = self.pattern.pattern
        if isinstance(pattern, RegexPattern):
            return dict.fromkeys(pattern.regex.groupindex, uuid4().hex)
        return {name: _some(converter) for name, converter in pattern.converters.items()}

    @property
    def right(self) -> Permission | AccessPolicy | None:
        right: Permission | AccessPolicy | None = getattr(self.pattern.callback, "required_right", None)
        return right

    def path(self) -> str:
        """Return the address of an object that does not exist."""
        return reverse(self.name, kwargs=self.parts)


def _some(converter: object) -> object:
    if isinstance(converter, UUIDConverter):
        return uuid4()
    return 1 if isinstance(converter, IntConverter) else "iets"


def _walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            yield Address(pattern)


ADDRESSES = list(_walk(get_resolver().url_patterns))
every_address = pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)


@pytest.fixture
def everybody(thuis: House, insurer_user: Actor) -> dict[Role, Actor]:
    own = {role: actor(role, thuis) for role in Role if role != Role.INSURER}
    return own | {Role.INSURER: insurer_user}


def test_there_are_addresses_for_every_right() -> None:
    assert {address.right for address in ADDRESSES} >= set(Permission)


@every_address
def test_every_address_declares_who_may_open_it(address: Address) -> None:
    assert isinstance(address.right, Permission | AccessPolicy), (
        f"{address.name}: put @requires(...) on its view"
    )


@every_address
def test_each_role_gets_exactly_what_its_rights_say(address: Address, everybody: dict[Role, Actor]) -> None:
    for role, person in everybody.items():
        statuses = _statuses(person.browser, address)
        assert address.right != AccessPolicy.TOKEN or statuses == {NO_TOKEN}, role
        if isinstance(address.right, Permission) and address.right not in RIGHTS[role]:
            assert statuses == {403}, role
        else:
            assert statuses <= _allowed(address), role


@every_address
def test_somebody_logged_out_is_asked_to_log_in(address: Address, db: None) -> None:
    if address.right in (AccessPolicy.ANYONE, AccessPolicy.TOKEN):
        assert _statuses(Browser(), address) <= _allowed(address)
        return
    answers = [method(address.path()) for method in (Browser().get, Browser().post)]
    asked = {answer["Location"].partition("?")[0] for answer in answers if answer.status_code == 302}
    assert asked == {reverse("login")}
    assert _statuses(Browser(), address) == {302}
    assert _statuses(Browser(), address, fetch=True) == {401}


@every_address
def test_somebody_without_a_role_gets_nothing_but_own_pages(address: Address, db: None) -> None:
    browser = Browser()
    browser.force_login(people.user())
    allowed = {403} if isinstance(address.right, Permission) else _allowed(address)
    assert _statuses(browser, address) <= allowed


def _statuses(browser: Browser, address: Address, *, fetch: bool = False) -> set[int]:
    """Return how an address answers to reading and to sending, but for a way that it does not have."""
    headers = {"x-requested-with": "fetch"} if fetch else {}
    path = address.path()
    return {method(path, headers=headers).status_code for method in (browser.get, browser.post)} - {405}


def _allowed(address: Address) -> set[int]:
    """Return how an address may answer to somebody who has the right: the object does not exist."""
    if address.name == "file-upload-progress":
        return {NOTHING_YET}
    if address.name == "tablet-unsealing":
        return {FOR_ANY_NONCE}
    if isinstance(address.right, Permission) and address.parts:
        return {UNKNOWN, UNREADABLE}
    if address.right == AccessPolicy.TOKEN:
        return {NO_TOKEN}
    # A role that is not one's own cannot be chosen.
    return OPENS | ({UNKNOWN} if address.name == "membership-choose" else set())
