"""What takes too long in the database ends, and is answered with "later"."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from psycopg_pool import PoolTimeout

from config import databases
from config.web import overload


def with_fault(error: Exception, **headers: str) -> Any:
    request = RequestFactory().get("/", headers=headers)
    try:
        raise error
    except type(error):
        return overload.fault(request)


def canceled() -> OperationalError:
    try:
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = '1ms'; select pg_sleep(1)")
    except OperationalError as error:
        return error
    raise AssertionError


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_later_and_no_fault() -> None:
    answer = with_fault(canceled())
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "te druk" in answer.content.decode()


@pytest.mark.django_db
def test_a_script_reads_it_as_json() -> None:
    answer = with_fault(PoolTimeout(), **{"X-Requested-With": "fetch"})
    assert (answer.status_code, json.loads(answer.content)["error"]) == (503, "busy")


@pytest.mark.django_db
def test_any_other_fault_is_a_fault() -> None:
    assert with_fault(ValueError()).status_code == 500


@pytest.mark.parametrize("process", ["web", "background"])
def test_every_process_has_deadlines_in_the_database(process: str) -> None:
    made = databases.django_database("postgresql://app@db/draagvlak", pooled=False, process=process)
    for name in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
        assert f"-c {name}=" in made["OPTIONS"]["options"]


def test_options_of_ones_own_come_last_and_win() -> None:
    address = "postgresql://app@db/draagvlak?options=-c%20statement_timeout%3D5s"
    made = databases.django_database(address, pooled=False, process="web")
    assert made["OPTIONS"]["options"].endswith("-c statement_timeout=5s")


def test_whoever_changes_tables_has_all_the_time() -> None:
    made = databases.django_database("postgresql://o@db/d", pooled=False, process=databases.OWNER)
    assert made["OPTIONS"]["options"] == ""
