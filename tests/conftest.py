"""What the whole suite stands on."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests import database
from tests.browser import launched

pytest_plugins = ["tests.actors", "tests.offices"]

#: The live modules that take longest, by their length on a quiet machine.
LONGEST = (
    "test_states",
    "test_other_pythons",
    "test_tablet_cuts",
    "test_attaching",
    "test_start",
    "test_faults",
)
# How fast examples come and are judged depends on who else uses the machine.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_test_environment(django_test_environment: None) -> None:
    """Use a fast password hash: the real one is slow on purpose."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_failures_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count failures to log in for each test apart: Redis outlives it, and the next has the same people."""
    monkeypatch.setattr("care.accounts.throttle.PREFIX", f"test-{uuid4()}")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this process a database of its own, in which every query is bound to the runtime role."""
    with django_db_blocker.unblock():
        home = str(connection.settings_dict["NAME"])
        database.take_copy(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    yield
    with django_db_blocker.unblock():
        database.give_back(home)


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    """Return the block within which queries are the owner's: `with as_owner(): ...`."""
    return database.as_owner


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the one browser of this process."""
    with launched() as browser:
        yield browser


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, then whole sites: none of these may be left for the end."""
    items.sort(key=lambda item: _turn(item.path))


def _turn(file: Path) -> int:
    """Return when a file is handed out: lower is sooner. The first two need no template of each other."""
    if file.parent.name != "live":
        return len(LONGEST) + 1
    return LONGEST.index(file.stem) if file.stem in LONGEST else len(LONGEST)
