"""No trigger writes rows of another app, and the check reads the triggers that the database really has."""

import pytest
from django.db import connection

from tests.trigger_direction import Triggers, foreign_writes, tables_by_app, triggers_of_migrations

STANDING = """
    select class.relname, standing.tgname, function.proname
    from pg_trigger standing join pg_class class on class.oid = standing.tgrelid
    join pg_proc function on function.oid = standing.tgfoid where not standing.tgisinternal
"""
MADE = """
    CREATE FUNCTION helper(one int) RETURNS void AS $$ UPDATE profiles_profile SET a = 1 $$;
    CREATE FUNCTION acts() RETURNS trigger AS $$ BEGIN BODY RETURN NULL; END $$;
    CREATE TRIGGER acts AFTER UPDATE ON care_client FOR EACH ROW EXECUTE FUNCTION acts()
"""
APPS = {"care_client": "care", "care_event": "care", "profiles_profile": "profiles"}


def test_no_trigger_writes_rows_of_another_app() -> None:
    assert list(foreign_writes(triggers_of_migrations(), tables_by_app())) == []


@pytest.mark.django_db
def test_it_reads_what_the_database_has() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        standing = {(table, name): function for table, name, function in cursor}
    assert triggers_of_migrations().functions == standing
    assert len(standing) > 50


@pytest.mark.parametrize(
    ("body", "writes"),
    [
        ("INSERT INTO care_event (id) VALUES (1);", []),
        ("UPDATE profiles_profile SET period = 1;", ["profiles_profile"]),
        ("delete from profiles_profile where true;", ["profiles_profile"]),
        ("PERFORM helper(1);", ["profiles_profile"]),
        ("IF EXISTS (SELECT FROM profiles_profile FOR UPDATE) THEN RAISE EXCEPTION 'no'; END IF;", []),
    ],
)
def test_what_a_body_writes_is_found(body: str, writes: list[str]) -> None:
    triggers = Triggers()
    triggers.read(MADE.replace("BODY", body))
    found = [f"trigger acts on care_client of care writes {table} of profiles" for table in writes]
    assert list(foreign_writes(triggers, APPS)) == found


def test_what_was_dropped_writes_nothing() -> None:
    triggers = Triggers()
    triggers.read(
        "CREATE FUNCTION acts() RETURNS trigger AS $$ BEGIN DELETE FROM profiles_profile; END $$;"
        "CREATE TRIGGER acts AFTER UPDATE ON care_client FOR EACH ROW EXECUTE FUNCTION acts();"
        "DROP TRIGGER acts ON care_client; DROP FUNCTION acts()"
    )
    assert list(foreign_writes(triggers, APPS)) == []
    assert triggers == Triggers()
