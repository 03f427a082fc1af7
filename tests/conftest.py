"""What the whole suite stands on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.conf import settings as django_settings
from pytest_django import DjangoDbBlocker

from tests import database

pytest_plugins = ["tests.actors"]


@pytest.fixture(scope="session")
def django_test_environment(django_test_environment: None) -> None:
    """Use a fast password hash: the real one is slow on purpose."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Bind every query of the tests to the runtime role once the owner has made the tables."""
    with django_db_blocker.unblock():
        database.bind_to_runtime_role()
    yield
    with django_db_blocker.unblock():
        database.unbind()


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[None]]:
    """Return the block within which queries are the owner's: `with as_owner(): ...`."""
    return database.as_owner
