"""Profiles that were made before scores and terms stood in columns of any model."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from profiles.schema.models import ClientProfile
from profiles.schema.terms import TERM_COLUMNS
from tests.actors import Actor, House
from tests.factories import anamneses, people

BEFORE, AFTER = "0006_childhood_is_guarded", "0007_scores_and_terms_of_any_model"
DAY = date(2024, 3, 1)
CODES = ("DKDL-12", "PTZ", "TIJDELIJK", "GEEN", "MKT")
SCORES = "SELECT capacity, burden, support_need FROM profiles_clientprofile ORDER BY id"


def migrate(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("profiles", name)])


@pytest.mark.django_db
def test_they_keep_their_scores_and_how_long_they_last(
    thuis: House, nurse: Actor, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    with thuis.scope():
        for code in CODES:
            born = date(2010, 1, 1) if code == "MKT" else date(1940, 1, 1)
            client = people.client(thuis.north, date_of_birth=born)
            anamneses.finished(client, nurse.membership, day=DAY, code=code)
        columns = ("code", "scores", "period", *TERM_COLUMNS)
        rows = list(ClientProfile.objects.order_by("id").values_list(*columns))
    with as_owner():
        migrate(BEFORE)
        with connection.cursor() as cursor:
            cursor.execute(SCORES)
            assert cursor.fetchall() == [(5, 2, 6), *[(None, None, None)] * 4]
        migrate(AFTER)
    with thuis.scope():
        assert list(ClientProfile.objects.order_by("id").values_list(*columns)) == rows
    assert [row[3:] for row in rows] == [
        (None, None, 18, None),
        (None, 3, 18, None),
        (28, None, 18, None),
        (None, None, 18, None),
        (None, None, None, 18),
    ]
