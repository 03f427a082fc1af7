"""The ground under the tests themselves."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, transaction

from config import environment
from tests import database

Owner = Callable[[], AbstractContextManager[None]]


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_it_runs_queries_as_the_runtime_role(as_owner: Owner) -> None:
    assert who() == "draagvlak_app"
    with as_owner():
        assert who() == "draagvlak_owner"
        with as_owner():
            assert who() == "draagvlak_owner"
        assert who() == "draagvlak_owner"
    assert who() == "draagvlak_app"


@pytest.mark.django_db
def test_it_refuses_the_runtime_role_what_only_an_owner_may() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create table mine (id int)")


@pytest.mark.django_db
def test_it_is_bound_again_after_a_failure_as_owner(as_owner: Owner) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute("select nonsense")
    assert who() == "draagvlak_app"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_it_gives_each_transactional_test_the_tables_as_migrated(turn: int, as_owner: Owner) -> None:
    with as_owner():
        assert not ContentType.objects.filter(app_label="turn").exists()
        assert ContentType.objects.filter(app_label="care").exists()
        ContentType.objects.create(app_label="turn", model=str(turn))


@pytest.mark.django_db(transaction=True)
def test_it_binds_a_new_connection_too() -> None:
    connection.close()
    assert who() == "draagvlak_app"


def test_the_tables_are_made_anew_when_anything_that_makes_them_changes() -> None:
    counted = {file.relative_to(environment.ROOT).as_posix() for file in database.sources()}
    migrations = {
        file.relative_to(environment.ROOT).as_posix() for file in environment.ROOT.glob("*/migrations/*.py")
    }
    imported = {"care/tenancy/rowsecurity.py", "care/schema/fields.py", "care/schema/crypto.py"}
    assert migrations | imported | {"config/requirements.txt", "tests/database.py"} <= counted
